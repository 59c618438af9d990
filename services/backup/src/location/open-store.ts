import { BackupError } from "../backup-error.ts";
import type { LocationEnv } from "../env.ts";
import { fileStore } from "./file-store.ts";
import { parseLocation } from "./location.ts";
import { s3Store } from "./s3/s3-store.ts";
import type { Store } from "./store.ts";

/**
 * The storage that `BACKUP_LOCATION` names.
 * @throws BackupError LocationInvalid
 */
export function openStore(env: LocationEnv, signal?: AbortSignal): Store {
  const location = parseLocation(env.BACKUP_LOCATION);
  if (location.kind === "file") return fileStore(location.folder);
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new BackupError(
      "StorageCredentialsRefused",
      `${env.BACKUP_LOCATION} needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY; put both into the Secret of the destination.`,
    );
  }
  const settings = {
    endpoint: env.S3_ENDPOINT,
    region: env.S3_REGION,
    bucket: location.bucket,
    pathStyle: env.S3_FORCE_PATH_STYLE,
    caFile: env.S3_CA_FILE,
    accessKeyId,
    secretAccessKey,
    sessionToken: env.S3_SESSION_TOKEN,
  };
  return s3Store(settings, location.prefix, { signal });
}

/** The name of the backup: the last folder of its location. */
export function backupId(text: string): string {
  return text.replace(/\/+$/, "").split("/").at(-1) ?? text;
}
