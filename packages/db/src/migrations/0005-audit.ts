import { type Migration, runAll } from "./migration.ts";

/**
 * Who did or tried what. Append-only: the application may insert, not even read. It outlives the account it is about,
 * so it names the user by a pseudonym and holds a digest of the arguments instead of their text.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    `create table app.audit (
      id bigint generated always as identity primary key,
      at timestamptz not null default now(),
      subject text,
      actor text not null,
      client_id text,
      action text not null,
      outcome text not null check (outcome in ('allowed', 'refused', 'failed')),
      reason text,
      arguments_digest text,
      jti text,
      request_id text
    )`,
    `create index audit_at on app.audit (at)`,
    `create index audit_subject on app.audit (subject, at)`,
    `grant insert (subject, actor, client_id, action, outcome, reason, arguments_digest, jti, request_id)
      on app.audit to ${roles.app}`,
  ]);
