import type pg from "pg";
import { loginsOf, type RoleNames } from "../roles.ts";
import { CREATES_LARGE_OBJECTS } from "./close-to-logins.ts";
import { MigrateError } from "./migrate-error.ts";

/** The condition of `userTable`, as PostgreSQL writes it back. */
const OWN_ROWS = `(user_id = ( SELECT NULLIF(current_setting('app.user_id'::text, true), ''::text) AS "nullif"))`;

/** The condition of the maintenance role's policies, as PostgreSQL writes it back. */
const TRASHED = "(deleted_at IS NOT NULL)";

/** All that the maintenance role may read: what tells that a row has expired, and what names the row. */
const EXPIRES = [
  ...["app.task.user_id", "app.task.id", "app.task.deleted_at", "app.audit.id", "app.audit.at"],
  ...["auth.session.id", "auth.session.expiresAt", "auth.verification.id", "auth.verification.expiresAt"],
  ...["auth.link.id", "auth.link.expiresAt", "auth.audit.id", "auth.audit.at"],
  ...[
    'auth."rateLimit".id',
    'auth."rateLimit".lastRequest',
    "app.instance.schema_version",
    "app.instance.compatible_from",
  ],
];

/** Each query returns one row per violation, with a sentence in `problem`. `$1` = auth role, `$2` = app role, `$3` = maintenance role. */
const RULES: readonly string[] = [
  // Every table with users' rows has row-level security, which binds its owner as well.
  `select format('%s has user rows but row-level security is not forced', c.oid::regclass) as problem
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
   where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
     and not (c.relrowsecurity and c.relforcerowsecurity)`,
  // It has exactly one policy: PostgreSQL joins permissive policies with OR, so a second one could only allow more.
  `select format('%s must have the policy own_rows as the migration makes it, and no other', c.oid::regclass) as problem
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
   where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p')
     and (select coalesce(array_agg((p.polname = 'own_rows' and p.polpermissive and p.polcmd = '*' and p.polroles = '{0}'
         and pg_get_expr(p.polqual, c.oid) = $own$${OWN_ROWS}$own$
         and pg_get_expr(p.polwithcheck, c.oid) = $own$${OWN_ROWS}$own$) is true), '{}')
       from pg_policy p where p.polrelid = c.oid and not (
         c.oid = 'app.task'::regclass and p.polroles = array[$3::regrole::oid] and p.polcmd = '*' and p.polwithcheck is null
         and p.polname = case when p.polpermissive then 'trashed_rows' else 'only_trashed_rows' end
         and pg_get_expr(p.polqual, c.oid) = '${TRASHED}')) <> '{t}'`,
  // The maintenance role sees nothing but what tells that a row has expired, and changes nothing.
  `select format('role %s may read %s.%s', $3::text, a.attrelid::regclass, a.attname) as problem
   from pg_attribute a join pg_class c on c.oid = a.attrelid
   where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'f')
     and a.attnum > 0 and not a.attisdropped and has_column_privilege($3, c.oid, a.attnum, 'SELECT')
     and format('%s.%s', a.attrelid::regclass, a.attname) <> all (array[${EXPIRES.map((name) => `'${name}'`).join(", ")}])`,
  `select format('role %s may change %s', $3::text, c.oid::regclass) as problem from pg_class c
   where c.relnamespace in ('app'::regnamespace, 'auth'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm', 'f')
     and (has_table_privilege($3, c.oid, 'INSERT, UPDATE, TRUNCATE, REFERENCES, TRIGGER')
       or has_any_column_privilege($3, c.oid, 'INSERT, UPDATE, REFERENCES'))`,
  `select 'app.task must have the policy only_trashed_rows for the maintenance role' as problem
   where not exists (select from pg_policy where polrelid = 'app.task'::regclass
     and polname = 'only_trashed_rows' and not polpermissive)`,
  // A login role is ordinary, belongs to no other role and owns nothing.
  `select format('role %s has rights beyond a login', r.rolname) as problem from pg_roles r
   where r.rolname in ($1, $2, $3)
     and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls)`,
  `select format('role %s is a member of %s', m.member::regrole, m.roleid::regrole) as problem from pg_auth_members m
   where m.member in ($1::regrole, $2::regrole, $3::regrole)`,
  // Large objects and temporary ones do not count: PostgreSQL may let a login role create them, and what a service made must
  // not keep the owner from migrating.
  `select format('role %s owns %s', refobjid::regrole, pg_describe_object(classid, objid, objsubid)) as problem
   from pg_shdepend where deptype = 'o' and refobjid in ($1::regrole, $2::regrole, $3::regrole)
     and dbid in (0, (select oid from pg_database where datname = current_database()))
     and classid <> 'pg_largeobject'::regclass
     and coalesce(pg_identify_object(classid, objid, objsubid)::text, '') !~ '^[^,]*,"?pg_temp'`,
  // Neither login role reaches into the other's schema, or creates anything anywhere.
  `select format('role %s has rights in schema %s', role, schema) as problem
   from (values ($1::text, 'app'), ($2::text, 'auth')) v (role, schema)
   where has_schema_privilege(role, schema, 'USAGE, CREATE')`,
  `select format('role %s has rights on %s', v.role, c.oid::regclass) as problem
   from (values ($1::text, 'app'), ($2::text, 'auth')) v (role, schema)
   join pg_class c on c.relnamespace = v.schema::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
   where has_table_privilege(v.role, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
     or has_any_column_privilege(v.role, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')`,
  `select format('role %s may create in schema %s', role, schema) as problem
   from (values ($1::text, 'auth'), ($2::text, 'app'), ($3::text, 'app'), ($3::text, 'auth')) v (role, schema)
   where has_schema_privilege(role, schema, 'CREATE')`,
  `select format('role %s may create in schema %s', role, nspname) as problem
   from pg_namespace, unnest(array[$1, $2, $3]) role
   where nspname !~ '^pg_(temp|toast)' and nspname not in ('app', 'auth') and has_schema_privilege(role, oid, 'CREATE')`,
  // What every role may create by default is closed wherever the role that migrates has the power to (closeToLogins).
  `select format('role %s may create temporary objects', role) as problem
   from pg_database, unnest(array[$1, $2, $3]) role
   where datname = current_database() and has_database_privilege(role, oid, 'TEMPORARY')
     and pg_has_role(session_user, datdba, 'USAGE')`,
  `select format('role %s may create large objects by %s', role, p.oid::regprocedure) as problem
   from pg_proc p, unnest(array[$1, $2, $3]) role
   where p.pronamespace = 'pg_catalog'::regnamespace
     and p.proname in (${CREATES_LARGE_OBJECTS.map((name) => `'${name}'`).join(", ")})
     and has_function_privilege(role, p.oid, 'EXECUTE')
     and (select rolsuper from pg_roles where rolname = session_user)`,
  // The audits are append-only.
  `select format('role %s may do more than add to %s', role, c.oid::regclass) as problem
   from (values ($1::text, 'auth'), ($2::text, 'app')) v (role, schema)
   join pg_class c on c.relnamespace = v.schema::regnamespace and c.relname = 'audit'
   where has_table_privilege(role, c.oid, 'SELECT, UPDATE, DELETE, TRUNCATE, TRIGGER')
     or has_any_column_privilege(role, c.oid, 'SELECT, UPDATE')`,
];

/** Throws MigrationFailed with every protection that the database lacks. */
export async function verify(client: pg.Client, roles: RoleNames): Promise<void> {
  const problems: string[] = [];
  const logins = loginsOf(roles);
  for (const rule of RULES) {
    // As literals, since a rule need not mention every role. Role names are letters, digits and underscores.
    const sql = rule.replace(/\$([123])/g, (_all, index) => `'${logins[Number(index) - 1]}'`);
    const { rows } = await client.query<{ problem: string }>(sql);
    problems.push(...rows.map((row) => row.problem));
  }
  if (problems.length === 0) return;
  throw new MigrateError(
    "MigrationFailed",
    `the database is migrated, but not safe to use: ${problems.join("; ")}. Put this right and run the migration again.`,
  );
}
