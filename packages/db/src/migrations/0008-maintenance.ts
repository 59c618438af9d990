import { type Migration, runAll } from "./migration.ts";

/**
 * What the maintenance job may do: delete what has expired. It sees what tells that, and no text of anybody. The restrictive
 * policy holds whatever user id its session sets, so that a task that is not in the trash is out of its reach.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    `grant usage on schema app, auth to ${roles.maintenance}`,
    `create index task_expiry on app.task (deleted_at) where deleted_at is not null`,
    `create policy trashed_rows on app.task to ${roles.maintenance} using (deleted_at is not null)`,
    `create policy only_trashed_rows on app.task as restrictive to ${roles.maintenance} using (deleted_at is not null)`,
    `grant select (user_id, id, deleted_at), delete on app.task to ${roles.maintenance}`,
    `grant select (id, at), delete on app.audit to ${roles.maintenance}`,
    `grant select (schema_version, compatible_from) on app.instance to ${roles.maintenance}`,
    `grant select (id, "expiresAt"), delete on auth.session, auth.verification to ${roles.maintenance}`,
    `grant select (id, "lastRequest"), delete on auth."rateLimit" to ${roles.maintenance}`,
  ]);
