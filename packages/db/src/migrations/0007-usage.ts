import { type Migration, runAll } from "./migration.ts";
import { userTable } from "./row-level-security.ts";

/** The tables that count towards a user's quotas, and what each row counts as. `bytes` is what its texts take. */
const COUNTED = [
  ["app.task", "count(*)", "0", "sum(bytes)"],
  ["app.conversation", "0", "count(*)", "0"],
  ["app.message", "0", "0", "sum(bytes)"],
] as const;

/** Whoever removes rows, such as the frontend's role with an account, may not reach into this schema itself. */
const AS_OWNER = "security definer set search_path = pg_catalog, pg_temp";

/**
 * Keeps one row of totals for each user, which triggers add to in the same transaction. The row's lock makes the check of a
 * quota exact, however many requests there are at a time, and no check counts the rows. Only what makes a total grow is
 * checked, against the limits that `asUser` sets for the transaction. The trigger raises TA001 with the exceeded quota.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    "alter table app.task add column bytes integer not null generated always as (octet_length(title) + octet_length(notes)) stored",
    "alter table app.message add column bytes integer not null generated always as (octet_length(parts::text) + coalesce(octet_length(model_state::text), 0)) stored",
    `create table app.usage (
      user_id text primary key references auth."user" (id) on delete cascade,
      tasks bigint not null,
      conversations bigint not null,
      bytes bigint not null
    )`,
    // Forced row-level security would hide the existing rows from their owner too.
    ...COUNTED.map(([table]) => `alter table ${table} no force row level security`),
    `insert into app.usage
     select user_id, sum(tasks), sum(conversations), sum(bytes) from (${COUNTED.map(
       ([table, tasks, conversations, bytes]) =>
         `select user_id, ${tasks} as tasks, ${conversations} as conversations, ${bytes} as bytes from ${table} group by user_id`,
     ).join(" union all ")}) counted group by user_id`,
    ...COUNTED.map(([table]) => `alter table ${table} force row level security`),
    ...userTable("app.usage", roles.app),
    `create function app.add_usage(owner text, more_tasks bigint, more_conversations bigint, more_bytes bigint)
     returns void language plpgsql as $$
     declare
       used app.usage;
       acting text := current_setting('app.user_id', true);
       quotas jsonb := nullif(current_setting('app.quotas', true), '');
       exceeded text;
     begin
       -- The rows say whose they are. An account that is deleted, and maintenance, act for no user.
       perform set_config('app.user_id', owner, true);
       -- Less is never refused, and makes no row: the account may be going, with all its rows.
       if more_tasks <= 0 and more_conversations <= 0 and more_bytes <= 0 then
         update app.usage set
           tasks = tasks + more_tasks,
           conversations = conversations + more_conversations,
           bytes = bytes + more_bytes
         where user_id = owner;
         perform set_config('app.user_id', coalesce(acting, ''), true);
         return;
       end if;
       insert into app.usage values (owner, more_tasks, more_conversations, more_bytes)
       on conflict (user_id) do update set
         tasks = usage.tasks + more_tasks,
         conversations = usage.conversations + more_conversations,
         bytes = usage.bytes + more_bytes
       returning * into used;
       perform set_config('app.user_id', coalesce(acting, ''), true);
       exceeded := case
         when more_tasks > 0 and used.tasks > (quotas->>'tasks')::bigint then 'tasks'
         when more_conversations > 0 and used.conversations > (quotas->>'conversations')::bigint then 'conversations'
         when more_bytes > 0 and used.bytes > (quotas->>'bytes')::bigint then 'bytes'
       end;
       if exceeded is not null then
         raise exception 'quota exceeded' using errcode = 'TA001', detail = exceeded;
       end if;
     end $$`,
    "revoke execute on function app.add_usage from public",
    ...COUNTED.flatMap(([table, tasks, conversations, bytes]) => {
      const name = table.replace("app.", "");
      const added = (sign: string) =>
        `perform app.add_usage(user_id, ${sign}${tasks}, ${sign}${conversations}, ${sign}${bytes}) from changed group by user_id`;
      return [
        `create function app.count_${name}() returns trigger language plpgsql ${AS_OWNER} as $$ begin
           if tg_op = 'INSERT' then ${added("")};
           else ${added("-")};
           end if;
           return null;
         end $$`,
        `create trigger count_added after insert on ${table}
         referencing new table as changed for each statement execute function app.count_${name}()`,
        `create trigger count_removed after delete on ${table}
         referencing old table as changed for each statement execute function app.count_${name}()`,
      ];
    }),
    `create function app.count_growth() returns trigger language plpgsql ${AS_OWNER} as $$ begin
       perform app.add_usage(new.user_id, 0, 0, new.bytes - old.bytes);
       return null;
     end $$`,
    ...["app.task", "app.message"].map(
      (table) => `create trigger count_growth after update on ${table} for each row
       when (new.bytes <> old.bytes) execute function app.count_growth()`,
    ),
  ]);
