import { type Migration, runAll } from "./migration.ts";

/**
 * Who administered whom. Append-only as `app.audit`, and it outlives accounts as well. The frontend's role can't read the key
 * of the pseudonyms, so a trigger makes them, the same ones as in `app.audit`. No actor = the command for people.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    `create table auth.audit (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      actor text,
      subject text,
      link text,
      action text not null,
      outcome text not null check (outcome in ('allowed', 'refused', 'failed')),
      reason text,
      request_id text
    )`,
    `create index audit_at on auth.audit (at)`,
    `create function auth.audit_pseudonyms() returns trigger language plpgsql
      security definer set search_path = pg_catalog, pg_temp as $$
      declare
        key text := (select audit_key::text from app.instance);
      begin
        new.actor := encode(sha256(convert_to(key || ':subject:' || new.actor, 'UTF8')), 'hex');
        new.subject := encode(sha256(convert_to(key || ':subject:' || new.subject, 'UTF8')), 'hex');
        return new;
      end $$`,
    `create trigger audit_pseudonyms before insert on auth.audit for each row execute function auth.audit_pseudonyms()`,
    `grant insert (actor, subject, link, action, outcome, reason, request_id) on auth.audit to ${roles.auth}`,
    `grant select (id, at), delete on auth.audit to ${roles.maintenance}`,
  ]);
