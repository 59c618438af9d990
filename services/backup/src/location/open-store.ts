import { BackupError } from "../backup-error.ts";
import type { LocationEnv } from "../env.ts";
import { fileStore } from "./file-store.ts";
import { parseLocation } from "./location.ts";
import type { Store } from "./store.ts";

/** The storage that `BACKUP_LOCATION` names. */
export function openStore(env: LocationEnv): Store {
  const location = parseLocation(env.BACKUP_LOCATION);
  if (location.kind === "file") return fileStore(location.folder);
  throw new BackupError("LocationInvalid", "s3:// is not supported yet");
}

/** The name of the backup: the last folder of its location. */
export function backupId(text: string): string {
  return text.replace(/\/+$/, "").split("/").at(-1) ?? text;
}
