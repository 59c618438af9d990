import { type Migration, runAll } from "./migration.ts";

/**
 * Administrators, disabled people and one-time links. Only the account of the initial user has ever been created with a
 * verified address, so it becomes an administrator here; nobody else does.
 * Of a link only a digest of its secret is stored. It keeps its row after its use, so that its holder can be told why it no
 * longer works, until the maintenance job deletes it.
 * The trigger is the wall behind sign-in: whatever creates a session, a disabled person gets none. Its update waits for the
 * transaction that disables the person, and the other way round, so that no session slips in between.
 */
export const step: Migration = ({ roles }) =>
  runAll([
    `alter table auth."user"
      add column role text not null default 'user' check (role in ('user', 'administrator')),
      add column "disabledAt" timestamptz,
      add column "lastSeenAt" timestamptz`,
    `update auth."user" set role = 'administrator' where "emailVerified"`,
    `create index user_administrators on auth."user" (id) where role = 'administrator'`,
    `create index user_list on auth."user" ("createdAt", id)`,
    `create table auth.link (
      id text primary key,
      digest text not null unique check (digest ~ '^[0-9a-f]{64}$'),
      kind text not null check (kind in ('invitation', 'password')),
      email text check (email = lower(email)),
      "userId" text references auth."user" (id) on delete cascade,
      "createdBy" text references auth."user" (id) on delete cascade,
      "createdAt" timestamptz not null default now(),
      "expiresAt" timestamptz not null,
      "usedAt" timestamptz,
      "revokedAt" timestamptz,
      check ((kind = 'password') = ("userId" is not null)),
      check (kind = 'invitation' or email is null)
    )`,
    `create index "link_userId" on auth.link ("userId")`,
    `create index "link_createdBy" on auth.link ("createdBy")`,
    `create index "link_expiresAt" on auth.link ("expiresAt")`,
    `grant select, insert, update, delete on auth.link to ${roles.auth}`,
    `grant select (id, "expiresAt"), delete on auth.link to ${roles.maintenance}`,
    `create function auth.session_begins() returns trigger language plpgsql set search_path = pg_catalog as $$
      begin
        update auth."user" set "lastSeenAt" = now() where id = new."userId" and "disabledAt" is null;
        if not found then
          raise exception 'a disabled person gets no session' using errcode = 'insufficient_privilege';
        end if;
        return new;
      end $$`,
    `create trigger session_begins before insert on auth.session for each row execute function auth.session_begins()`,
  ]);
