import pg from "pg";
import { BackupError } from "../backup-error.ts";
import { partsOf } from "../bytes/measure.ts";
import { load } from "../load/load.ts";
import { type Manifest, OBJECTS } from "../manifest/manifest.ts";
import { clientsForArchive } from "../postgres/clients.ts";
import { connect, onDatabase, targetOf, toBackupError } from "../postgres/connection.ts";
import { serverVersion } from "../postgres/snapshot.ts";
import type { CommandDeps } from "./backup.ts";
import { openBackup } from "./open-backup.ts";

/**
 * Restores the backup into a scratch database of the same server, compares every table and drops the database again, also one
 * that an interrupted verification left behind. Records the success beside the backup.
 */
export async function verify(deps: CommandDeps): Promise<Manifest> {
  const { store, age, progress, log } = deps;
  progress.step = "reading";
  const backup = await openBackup(store, age);
  const { manifest } = backup;
  const clients = clientsForArchive(deps.clients, manifest.pgDumpMajor);
  const client = await connect(deps.connection, deps.waitSeconds);
  // One name for each instance: its backups are verified one after the other, and leftovers are found again.
  const scratch = `ta_${deps.instanceId}_verify`;
  try {
    await requireCreateDatabase(client, deps);
    const { major: serverMajor } = await serverVersion(client);
    const { rows } = await client.query<{ rolname: string }>("select rolname from pg_roles");
    await client.query(`drop database if exists ${scratch} with (force)`);
    await client.query(`create database ${scratch} template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'`);
    try {
      const target = { instanceId: manifest.instanceId, authSecret: backup.keys.betterAuthSecret };
      log.info({ backup: store.description, scratch }, "verifying");
      await load({
        ...deps,
        connection: onDatabase(deps.connection, scratch),
        clients,
        serverMajor,
        existingRoles: rows.map(({ rolname }) => rolname),
        backup,
        target,
        sessions: "as in the backup",
      });
    } finally {
      await client.query(`drop database if exists ${scratch} with (force)`);
    }
  } catch (error) {
    throw toBackupError(error, deps.connection, "RestoreFailed");
  } finally {
    await client.end().catch(() => {});
  }
  const record = { verifiedAt: new Date().toISOString(), sha256: manifest.objects[OBJECTS.dump].sha256 };
  await store.write(OBJECTS.verified, partsOf(`${JSON.stringify(record)}\n`));
  progress.step = "done";
  progress.percent = 100;
  return manifest;
}

async function requireCreateDatabase(client: pg.Client, { connection }: CommandDeps): Promise<void> {
  const { rows } = await client.query<{ name: string; may: boolean }>(
    "select current_user as name, rolsuper or rolcreatedb as may from pg_roles where rolname = current_user",
  );
  const [admin] = rows;
  if (admin?.may === true) return;
  const role = pg.escapeIdentifier(admin?.name ?? "");
  throw new BackupError(
    "CreateDatabaseNotAllowed",
    `a backup is verified in a scratch database, and the database admin of ${targetOf(connection)} may not create one. Run this as a superuser: alter role ${role} createdb. Or set spec.backup.verify to Never.`,
  );
}
