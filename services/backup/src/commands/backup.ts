import { authFingerprint, type Log } from "@taskassistant/db";
import type pg from "pg";
import { BackupError } from "../backup-error.ts";
import { measure, partsOf, textOf } from "../bytes/measure.ts";
import type { Age } from "../encryption/age.ts";
import type { Store } from "../location/store.ts";
import { totalRows } from "../manifest/compare-tables.ts";
import { type Manifest, newKeys, newManifest, OBJECTS, readManifest } from "../manifest/manifest.ts";
import { type Clients, clientsForServer } from "../postgres/clients.ts";
import { type Connection, connect, targetOf, toBackupError } from "../postgres/connection.ts";
import { dump } from "../postgres/dump.ts";
import { openSnapshot, serverVersion } from "../postgres/snapshot.ts";
import { type Progress, share } from "../progress/progress.ts";

/** What every command needs. */
export interface CommandDeps {
  readonly connection: Connection;
  readonly waitSeconds: number;
  readonly instanceId: string;
  readonly authSecret: string;
  readonly clients: readonly Clients[];
  readonly store: Store;
  readonly age: Age;
  readonly progress: Progress;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** What a backup needs besides. */
export interface BackupDeps extends CommandDeps {
  /** Name of the backup: the last folder of its location. */
  readonly id: string;
  readonly release: string;
}

/**
 * Stores the assistant's data as one snapshot shows it: the dump first, the manifest last. A location that has a manifest is
 * left as it is, so that a repeated run of the same Job finds its result.
 */
export async function backup(deps: BackupDeps): Promise<Manifest> {
  const { store, progress, log } = deps;
  const names = (await store.list()).map(({ name }) => name);
  if (names.includes(OBJECTS.manifest)) {
    log.info({ location: store.description }, "the backup exists already");
    return readManifest(await textOf(store.read(OBJECTS.manifest)), store.description);
  }
  await removeRemains(deps, names);
  const client = await connect(deps.connection, deps.waitSeconds);
  try {
    const manifest = await storeSnapshot(deps, client);
    progress.step = "done";
    progress.percent = 100;
    return manifest;
  } catch (error) {
    throw toBackupError(error, deps.connection);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Of an earlier attempt with the same name, which ended before its manifest. */
async function removeRemains({ store, log }: BackupDeps, names: readonly string[]): Promise<void> {
  const unfinished = await store.removeUnfinished(new Date());
  for (const name of names) await store.remove(name);
  const removed = [...names, ...unfinished];
  if (removed.length > 0) log.info({ removed }, "removed what an interrupted backup left behind");
}

async function storeSnapshot(deps: BackupDeps, client: pg.Client): Promise<Manifest> {
  const { connection, store, age, progress, log, signal } = deps;
  const startedAt = new Date().toISOString();
  const server = await serverVersion(client);
  const clients = clientsForServer(deps.clients, server.major);
  await requireOwnData(client, deps);
  await requireEveryRow(client, deps);
  const snapshot = await openSnapshot(client);
  log.info({ postgres: server.text, pgDump: clients.major, schema: snapshot.schemaVersion }, "dumping");
  progress.step = "dumping";
  const dumped = measure(
    age.encrypt(dump({ connection, clients, snapshot: snapshot.id, signal })),
    (bytes) => (progress.bytes = bytes),
  );
  // Both read the same snapshot at once: the holder's connection has nothing else to do while pg_dump works.
  const [tables] = await Promise.all([
    snapshot.tables().then((found) => {
      progress.rows = totalRows(found);
      return found;
    }),
    store.write(OBJECTS.dump, dumped.parts),
  ]);
  await client.query("commit");
  progress.step = "storing";
  progress.percent = share(99, 100);
  const dumpFacts = { bytes: dumped.measured.bytes, sha256: dumped.measured.sha256() };
  const keys = newKeys({
    instanceId: deps.instanceId,
    betterAuthSecret: deps.authSecret,
    schemaVersion: snapshot.schemaVersion,
    dump: dumpFacts,
    tables,
  });
  const stored = measure(age.encrypt(partsOf(JSON.stringify(keys))));
  await store.write(OBJECTS.keys, stored.parts);
  const manifest = newManifest({
    id: deps.id,
    instanceId: deps.instanceId,
    release: deps.release,
    schemaVersion: snapshot.schemaVersion,
    startedAt,
    finishedAt: new Date().toISOString(),
    postgresVersion: server.text,
    pgDumpMajor: clients.major,
    tables,
    objects: {
      [OBJECTS.dump]: dumpFacts,
      [OBJECTS.keys]: { bytes: stored.measured.bytes, sha256: stored.measured.sha256() },
    },
  });
  signal.throwIfAborted();
  await store.write(OBJECTS.manifest, partsOf(`${JSON.stringify(manifest, undefined, 2)}\n`));
  return manifest;
}

/** Row-level security would hide the users' rows from a role that it binds, and pg_dump would fail. */
async function requireEveryRow(client: pg.Client, { connection }: BackupDeps): Promise<void> {
  const { rows } = await client.query<{ name: string; sees: boolean }>(
    "select current_user as name, rolsuper or rolbypassrls as sees from pg_roles where rolname = current_user",
  );
  const [admin] = rows;
  if (admin?.sees === true) return;
  throw new BackupError(
    "PermissionDenied",
    `the database admin of ${targetOf(connection)} can't read the rows of every user. Run this as a superuser: alter role "${admin?.name}" bypassrls.`,
  );
}

/** A backup of another assistant's data, or with a secret that does not open its keys, would be of no use. */
async function requireOwnData(client: pg.Client, deps: BackupDeps): Promise<void> {
  const { rows: found } = await client.query("select to_regclass('app.instance') is not null as there");
  const target = targetOf(deps.connection);
  if (found[0]?.there !== true) {
    throw new BackupError(
      "NothingToBackUp",
      `the database ${target} holds no data of TaskAssistant. Wait for its migration, or correct the database's URL.`,
    );
  }
  const { rows } = await client.query<{ id: string; auth_fingerprint: string }>(
    "select id, auth_fingerprint from app.instance",
  );
  const [row] = rows;
  if (row?.id !== deps.instanceId) {
    throw new BackupError(
      "ForeignData",
      `the database ${target} holds data of another TaskAssistant (instance ${row?.id ?? "unknown"}, this one is ${deps.instanceId}).`,
    );
  }
  if (row.auth_fingerprint === authFingerprint(deps)) return;
  throw new BackupError(
    "AuthSecretMismatch",
    `the data in ${target} was made with another auth secret, so a backup with this one could not be restored. Put back the auth secret that belongs to the data.`,
  );
}
