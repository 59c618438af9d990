import { authFingerprint, roleNames, SCHEMA_VERSION } from "@taskassistant/db";
import type pg from "pg";
import { BackupError } from "../backup-error.ts";
import { load, type Sessions } from "../load/load.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { clientsForArchive } from "../postgres/clients.ts";
import { connect, targetOf, toBackupError } from "../postgres/connection.ts";
import { serverVersion } from "../postgres/snapshot.ts";
import type { CommandDeps } from "./backup.ts";
import { type OpenBackup, openBackup } from "./open-backup.ts";

/** What a restore did. */
export interface Restored {
  readonly manifest: Manifest;
  readonly sessions: Sessions;
}

/**
 * Replaces the target's data by that of the backup, of this assistant or of another one. A schema older than this program's is
 * migrated afterwards, by the migration Job. Nothing changes unless everything has succeeded.
 */
export async function restore(deps: CommandDeps): Promise<Restored> {
  const { store, age, progress, log } = deps;
  progress.step = "reading";
  const backup = await openBackup(store, age);
  const { manifest } = backup;
  refuseNewerSchema(manifest);
  const clients = clientsForArchive(deps.clients, manifest.pgDumpMajor);
  const client = await connect(deps.connection, deps.waitSeconds);
  let facts: Awaited<ReturnType<typeof look>>;
  try {
    facts = await look(client, deps, backup);
  } catch (error) {
    throw toBackupError(error, deps.connection, "RestoreFailed");
  } finally {
    await client.end().catch(() => {});
  }
  const { sessions, ...server } = facts;
  log.info({ backup: store.description, from: manifest.instanceId, sessions, pgRestore: clients.major }, "restoring");
  await load({ ...deps, ...server, clients, backup, sessions, target: deps });
  progress.step = "done";
  progress.percent = 100;
  return { manifest, sessions };
}

function refuseNewerSchema({ schemaVersion, release }: Manifest): void {
  if (schemaVersion <= SCHEMA_VERSION.max) return;
  throw new BackupError(
    "SchemaTooNew",
    `the backup has schema ${schemaVersion}, of release ${release}, and this version knows up to ${SCHEMA_VERSION.max}. Restore with that release or a newer one: set spec.version.`,
  );
}

async function look(client: pg.Client, deps: CommandDeps, { keys }: OpenBackup) {
  const { major: serverMajor } = await serverVersion(client);
  const roles = await client.query<{ rolname: string }>("select rolname from pg_roles");
  const present = await requireOwnData(client, deps);
  const same = keys.betterAuthSecret === deps.authSecret;
  const sessions: Sessions = !same ? "ended" : present ? "kept" : "as in the backup";
  return { serverMajor, existingRoles: roles.rows.map(({ rolname }) => rolname), sessions };
}

/** Whether the target holds data of its own with its present secret. Throws ForeignData when it holds somebody else's. */
async function requireOwnData(client: pg.Client, deps: CommandDeps): Promise<boolean> {
  const { owner } = roleNames(deps.instanceId);
  const { rows: schemas } = await client.query<{ schema: string; owner: string; filled: boolean; instance: boolean }>(
    `select n.nspname as schema, pg_get_userbyid(n.nspowner) as owner,
       count(c.oid) > 0 as filled, coalesce(bool_or(c.relname = 'instance'), false) as instance
     from pg_namespace n left join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f')
     where n.nspname in ('app', 'auth') group by n.oid order by 1`,
  );
  const foreign = schemas.find((each) => each.filled && each.owner !== owner);
  if (foreign !== undefined) {
    throw new BackupError(
      "ForeignData",
      `schema '${foreign.schema}' of ${targetOf(deps.connection)} belongs to ${foreign.owner} and not to this TaskAssistant (${owner}). Restore into a database of its own.`,
    );
  }
  if (!schemas.some(({ schema, instance }) => schema === "app" && instance)) return false;
  const { rows } = await client.query<{ id: string; auth_fingerprint: string }>(
    "select id, auth_fingerprint from app.instance",
  );
  return rows[0]?.id === deps.instanceId && rows[0].auth_fingerprint === authFingerprint(deps);
}
