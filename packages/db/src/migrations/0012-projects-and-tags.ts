import { type Migration, runAll } from "./migration.ts";
import { userTable } from "./row-level-security.ts";

/** Whoever removes rows may not reach into this schema itself. */
const AS_OWNER = "security definer set search_path = pg_catalog, pg_temp";

const LABELS = ["project", "tag"] as const;

/**
 * Projects and tags. Each reference between rows holds the user id, so that no task can point at a row of somebody else. A name is
 * taken once per user, whatever its case. Triggers count both towards one quota, beside the totals of `0007-usage`.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    ...LABELS.map(
      (name) => `create table app.${name} (
        user_id text not null references auth."user" (id) on delete cascade,
        id text collate "C" not null check (id ~ '^${name === "project" ? "p" : "g"}_[0-9a-hjkmnp-tv-z]{12}$'),
        name text not null check (char_length(name) between 1 and 100),
        name_key text not null generated always as (lower(name)) stored,
        color text not null default 'grey' check (color ~ '^[a-z]{1,20}$'),
        ${name === "project" ? "archived boolean not null default false," : ""}
        created_at timestamptz(3) not null default now(),
        bytes integer not null generated always as (octet_length(name)) stored,
        primary key (user_id, id),
        unique (user_id, name_key)
      )`,
    ),
    `alter table app.task
      add column project_id text collate "C",
      add constraint task_project foreign key (user_id, project_id) references app.project (user_id, id)
        on delete set null (project_id)`,
    `create index task_of_project on app.task (user_id, project_id) where project_id is not null`,
    `create table app.task_tag (
      user_id text not null references auth."user" (id) on delete cascade,
      task_id text collate "C" not null,
      tag_id text collate "C" not null,
      primary key (user_id, task_id, tag_id),
      foreign key (user_id, task_id) references app.task (user_id, id) on delete cascade,
      foreign key (user_id, tag_id) references app.tag (user_id, id) on delete cascade
    )`,
    `create index task_tag_of_tag on app.task_tag (user_id, tag_id)`,
    ...["app.project", "app.tag", "app.task_tag"].flatMap((table) => userTable(table, roles.app)),
    `alter table app.usage add column labels bigint not null default 0`,
    ...LABELS.flatMap((name) => [
      `create function app.count_${name}() returns trigger language plpgsql ${AS_OWNER} as $$
       declare
         acting text := current_setting('app.user_id', true);
         max_labels bigint := (nullif(current_setting('app.quotas', true), '')::jsonb->>'labels')::bigint;
         sign integer := case when tg_op = 'INSERT' then 1 else -1 end;
         each record;
         used bigint;
       begin
         for each in select user_id, count(*) as labels, sum(bytes) as bytes from changed group by user_id loop
           perform app.add_usage(each.user_id, 0, 0, sign * each.bytes);
           perform set_config('app.user_id', each.user_id, true);
           update app.usage set labels = labels + sign * each.labels where user_id = each.user_id returning labels into used;
           perform set_config('app.user_id', coalesce(acting, ''), true);
           if sign > 0 and used > max_labels then
             raise exception 'quota exceeded' using errcode = 'TA001', detail = 'labels';
           end if;
         end loop;
         return null;
       end $$`,
      `create trigger count_added after insert on app.${name}
       referencing new table as changed for each statement execute function app.count_${name}()`,
      `create trigger count_removed after delete on app.${name}
       referencing old table as changed for each statement execute function app.count_${name}()`,
      `create trigger count_growth after update on app.${name} for each row
       when (new.bytes <> old.bytes) execute function app.count_growth()`,
    ]),
  ]);
