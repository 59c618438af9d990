import { type Migration, runAll } from "./migration.ts";
import { userTable } from "./row-level-security.ts";

/** Changes that happen once, and what a model's provider wants back with an answer. */
export const step: Migration = ({ roles }) =>
  runAll([
    `alter table app.message add column model_state jsonb check (jsonb_typeof(model_state) = 'object')`,
    `create table app.idempotency_key (
      user_id text not null references auth."user" (id) on delete cascade,
      key text not null check (char_length(key) between 1 and 100),
      result jsonb,
      created_at timestamptz(3) not null default now(),
      primary key (user_id, key)
    )`,
    ...userTable("app.idempotency_key", roles.app),
  ]);
