import { BackupError } from "../backup-error.ts";
import { measure, textOf } from "../bytes/measure.ts";
import type { Age } from "../encryption/age.ts";
import type { Store } from "../location/store.ts";
import { compareWithKeys, type Keys, type Manifest, OBJECTS, readKeys, readManifest } from "../manifest/manifest.ts";

/** A backup whose manifest fits its keys. */
export interface OpenBackup {
  readonly manifest: Manifest;
  readonly keys: Keys;
  /**
   * The archive of pg_dump, decrypted. Whoever reads it to its end learns by BackupDamaged if it is not the one that was
   * written. `note` is told how many encrypted bytes have been read.
   */
  archive(note?: (bytes: number) => void): AsyncIterable<Uint8Array>;
}

/**
 * Reads the small objects of a backup.
 * @throws BackupError BackupNotFound, BackupIncomplete, BackupTooNew, BackupDamaged, WrongIdentity, ManifestMismatch
 */
export async function openBackup(store: Store, age: Age): Promise<OpenBackup> {
  const where = store.description;
  const stored = await store.list();
  const names = stored.map(({ name }) => name);
  if (!names.includes(OBJECTS.manifest)) {
    throw names.length === 0
      ? new BackupError(
          "BackupNotFound",
          `there is no backup at ${where}. Check the location; it ends with the backup's name.`,
        )
      : new BackupError(
          "BackupIncomplete",
          `the backup at ${where} was interrupted before its manifest was written. Restore another one.`,
        );
  }
  const manifest = readManifest(await textOf(store.read(OBJECTS.manifest)), where);
  for (const name of [OBJECTS.keys, OBJECTS.dump] as const) {
    const { bytes } = manifest.objects[name];
    const found = stored.find((each) => each.name === name);
    if (found === undefined) throw damaged(where, `${name} is missing`);
    if (found.bytes !== bytes) throw damaged(where, `${name} has ${found.bytes} bytes instead of ${bytes}`);
  }
  const keys = readKeys(await textOf(checked(OBJECTS.keys)), where);
  compareWithKeys(manifest, keys, where);

  async function* checked(name: typeof OBJECTS.dump | typeof OBJECTS.keys, note?: (bytes: number) => void) {
    const read = measure(store.read(name), note);
    yield* age.decrypt(read.parts, `${name} of ${where}`);
    const { bytes, sha256 } = manifest.objects[name];
    if (read.measured.bytes !== bytes || read.measured.sha256() !== sha256) {
      throw damaged(where, `${name} has another checksum than its manifest says`);
    }
  }
  return { manifest, keys, archive: (note) => checked(OBJECTS.dump, note) };
}

function damaged(where: string, what: string): BackupError {
  return new BackupError("BackupDamaged", `the backup at ${where} is damaged: ${what}. Restore another one.`);
}
