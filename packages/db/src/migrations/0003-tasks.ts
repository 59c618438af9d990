import { type Migration, runAll } from "./migration.ts";
import { userTable } from "./row-level-security.ts";

/**
 * Tasks. Instants have milliseconds, as in JavaScript, so that a page's cursor names a row exactly.
 * Text search needs no index of its own: the user's rows are found by the primary key first and are few.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    `create table app.task (
      user_id text not null references auth."user" (id) on delete cascade,
      id text collate "C" not null check (id ~ '^t_[0-9a-hjkmnp-tv-z]{12}$'),
      title text not null check (char_length(title) between 1 and 500),
      notes text not null default '' check (char_length(notes) <= 20000),
      due date check (isfinite(due)),
      due_order date not null generated always as (coalesce(due, 'infinity'::date)) stored,
      version integer not null default 1 check (version > 0),
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      completed_at timestamptz(3),
      deleted_at timestamptz(3),
      primary key (user_id, id)
    )`,
    `create index task_list on app.task (user_id, due_order, created_at, id) where deleted_at is null`,
    `create index task_trash on app.task (user_id, deleted_at) where deleted_at is not null`,
    ...userTable("app.task", roles.app),
  ]);
