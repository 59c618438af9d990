import { type Migration, runAll } from "./migration.ts";

/**
 * The time of day and time zone of a task, its priority, and how it repeats. Each occurrence of a repeating task is a row of
 * its own, and the index lets a series have each occurrence once, whoever completes the one before and however often.
 * A pod of the release before clears a date without knowing what hangs on it, so a trigger clears the rest.
 */
export const step: Migration = () =>
  runAll([
    `alter table app.task
      add column priority integer not null default 4 check (priority between 1 and 4),
      add column due_time text check (due_time ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
      add column due_zone text check (char_length(due_zone) between 1 and 64),
      add column repeat text check (char_length(repeat) between 1 and 200),
      add column repeat_from text not null default 'due' check (repeat_from in ('due', 'completion')),
      add column series_id text collate "C",
      add column occurrence integer not null default 1 check (occurrence > 0),
      add constraint task_needs_due check (due is not null or (due_time is null and due_zone is null and repeat is null))`,
    `create unique index task_occurrence on app.task (user_id, series_id, occurrence) where series_id is not null`,
    `create function app.clear_with_due() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$ begin
       new.due_time := null;
       new.due_zone := null;
       new.repeat := null;
       return new;
     end $$`,
    `create trigger clear_with_due before update on app.task for each row
     when (new.due is null and old.due is not null) execute function app.clear_with_due()`,
  ]);
