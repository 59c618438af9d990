import { errorText } from "@taskassistant/kit/failures";
import { z } from "zod";
import { BackupError } from "../backup-error.ts";

/** The names of a backup's objects below its location. */
export const OBJECTS = {
  dump: "database.dump.age",
  keys: "keys.json.age",
  /** Written last: without it the backup does not exist. */
  manifest: "manifest.json",
  /** Written by a verification that succeeded. */
  verified: "verified.json",
} as const;

const FORMAT = 1;

const storedSchema = z.object({ bytes: z.number().int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

/** What a table held, in the snapshot of the dump. */
const tableSchema = z.object({
  /** Schema and table, such as `app.task`. */
  name: z.string(),
  rows: z.number().int().min(0),
  /** Of all rows, whatever their order. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});
export type TableFacts = z.output<typeof tableSchema>;

const manifestSchema = z.object({
  format: z.literal(FORMAT),
  /** The folder's name, as the manifest was written. */
  id: z.string(),
  instanceId: z.string().regex(/^[0-9a-f]{8}$/),
  /** Version of the program that made the backup. */
  release: z.string(),
  schemaVersion: z.number().int().min(0),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  /** Of the server, such as `17.10`, and major version of the pg_dump that read it. */
  postgresVersion: z.string(),
  pgDumpMajor: z.number().int(),
  tables: z.array(tableSchema),
  objects: z.object({ [OBJECTS.dump]: storedSchema, [OBJECTS.keys]: storedSchema }),
});
/** What a backup holds. Nothing in it is secret. */
export type Manifest = z.output<typeof manifestSchema>;

/** The encrypted half: what a restore needs besides the data, and what binds the manifest to it. */
const keysSchema = z.object({
  format: z.literal(FORMAT),
  instanceId: z.string(),
  /** The secret that the signing keys in the data are encrypted with. */
  betterAuthSecret: z.string(),
  /** The manifest's facts about the data. Whoever can write to the storage can't change these. */
  schemaVersion: z.number().int(),
  dump: storedSchema,
  tables: z.array(tableSchema),
});
export type Keys = z.output<typeof keysSchema>;

export function newManifest(facts: Omit<Manifest, "format">): Manifest {
  return { format: FORMAT, ...facts };
}

export function newKeys(facts: Omit<Keys, "format">): Keys {
  return { format: FORMAT, ...facts };
}

/** Reads `manifest.json`. Throws BackupTooNew or BackupDamaged. */
export function readManifest(text: string, where: string): Manifest {
  return parse(manifestSchema, text, `${OBJECTS.manifest} of ${where}`);
}

/** Reads the decrypted `keys.json.age`. Throws BackupTooNew or BackupDamaged. */
export function readKeys(text: string, where: string): Keys {
  return parse(keysSchema, text, `${OBJECTS.keys} of ${where}`);
}

function parse<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BackupError("BackupDamaged", `${what} is no JSON: ${errorText(cause)}. Restore another backup.`, {
      cause,
    });
  }
  const format = z.object({ format: z.number() }).safeParse(value).data?.format;
  if (format !== undefined && format > FORMAT) {
    throw new BackupError(
      "BackupTooNew",
      `${what} has format ${format}, and this version reads up to ${FORMAT}. Use the version that made the backup, or a newer one.`,
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`);
  throw new BackupError(
    "BackupDamaged",
    `${what} can't be read: ${problems.slice(0, 5).join("; ")}. Restore another backup.`,
  );
}

/** Throws ManifestMismatch when the manifest is not the one that the data was stored with. */
export function compareWithKeys(manifest: Manifest, keys: Keys, where: string): void {
  const differing = [
    manifest.instanceId !== keys.instanceId && "the instance",
    manifest.schemaVersion !== keys.schemaVersion && "the schema version",
    JSON.stringify(manifest.objects[OBJECTS.dump]) !== JSON.stringify(keys.dump) && `the checksum of ${OBJECTS.dump}`,
    JSON.stringify(manifest.tables) !== JSON.stringify(keys.tables) && "the rows of the tables",
  ].filter((each) => each !== false);
  if (differing.length === 0) return;
  throw new BackupError(
    "ManifestMismatch",
    `${OBJECTS.manifest} of ${where} is not the one that was written with the data: ${differing.join(", ")} differ. Somebody changed the files, or they are of two backups; restore another backup.`,
  );
}
