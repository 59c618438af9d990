import { MIGRATION_LOCK, type RoleNames } from "@taskassistant/db";

/** Where the data that is replaced waits until the transaction ends. */
const REPLACED = { app: "ta_replaced_app", auth: "ta_replaced_auth" } as const;

const LOCK_TIMEOUT = "30s";

/** Keeps migrations and other restores out, and the roles of the target in place. They get their passwords by a migration. */
export function begin(roles: RoleNames): string {
  return `begin;
set local lock_timeout = '${LOCK_TIMEOUT}';
do $$ begin
  if not pg_try_advisory_xact_lock(${MIGRATION_LOCK}) then
    raise exception 'a migration or another restore is running' using errcode = 'lock_not_available';
  end if;
end $$;
${Object.values(roles).map(ensureRole).join("\n")}
do $$ begin
  if not (select rolsuper from pg_roles where rolname = current_user)
    and not (pg_has_role(current_user, '${roles.owner}', 'SET') and pg_has_role(current_user, '${roles.owner}', 'USAGE')) then
    execute format('grant ${roles.owner} to %I with set true, inherit true', current_user);
  end if;
end $$;`;
}

function ensureRole(role: string): string {
  return `do $$ begin
  if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if;
end $$;`;
}

/**
 * Moves the old data aside and makes empty schemas. The locks keep a service that still runs from writing what would be lost;
 * they come first, since a restore that has to wait should learn so before its work.
 */
export function makeRoom(roles: RoleNames): string {
  return `do $$ declare each regclass; begin
  for each in select c.oid from pg_class c
    where c.relnamespace::regnamespace::text in ('app', 'auth') and c.relkind in ('r', 'p') order by c.oid loop
    execute format('lock table %s in access exclusive mode', each);
  end loop;
  if to_regnamespace('app') is not null then execute 'alter schema app rename to ${REPLACED.app}'; end if;
  if to_regnamespace('auth') is not null then execute 'alter schema auth rename to ${REPLACED.auth}'; end if;
end $$;
create schema app authorization ${roles.owner};
create schema auth authorization ${roles.owner};
set role ${roles.owner};`;
}

/** The tables whose rows an in-place restore keeps: who is signed in now, and the keys of tokens that are on their way. */
const KEPT = ["session", "jwks"];

/**
 * Puts the present sessions and signing keys in place of the old ones. Nobody is signed out, and a session that was ended since
 * the backup does not come back. Sessions of people that the backup does not have, or has disabled, end.
 */
export function keepSessions(): string {
  return `do $$ declare
  kept text;
  columns text;
begin
  alter table auth.session disable trigger user;
  foreach kept in array array[${KEPT.map((name) => `'${name}'`).join(", ")}] loop
    select string_agg(quote_ident(a.attname), ', ') into columns from pg_attribute a join pg_attribute b using (attname)
    where a.attrelid = ('auth.' || kept)::regclass and b.attrelid = ('${REPLACED.auth}.' || kept)::regclass
      and a.attnum > 0 and b.attnum > 0 and not a.attisdropped and not b.attisdropped;
    execute format('delete from auth.%I', kept);
    execute format('insert into auth.%I (%s) select %s from ${REPLACED.auth}.%I old where %s', kept, columns, columns, kept,
      case kept when 'session'
        then 'exists (select from auth."user" u where u.id = old."userId" and (to_jsonb(u)->>''disabledAt'') is null)'
        else 'true' end);
  end loop;
  alter table auth.session enable trigger user;
end $$;`;
}

/** Ends every session and drops the signing keys: they belong to another auth secret. The frontend makes new keys. */
export function endSessions(): string {
  return `alter table auth.session disable trigger user;
delete from auth.session;
delete from auth.jwks;
delete from auth.verification;
alter table auth.session enable trigger user;`;
}

/** Makes the data the target's own. */
export function claim(instanceId: string, fingerprint: string): string {
  return `update app.instance set id = '${instanceId}', auth_fingerprint = '${fingerprint}';`;
}

/** Removes what was replaced and makes the new data visible: the one moment at which anything changes. */
export function finish(): string {
  return `reset role;
set client_min_messages = warning;
drop schema if exists ${REPLACED.app}, ${REPLACED.auth} cascade;
commit;`;
}
