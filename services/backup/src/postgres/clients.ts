import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { BackupError } from "../backup-error.ts";

/** PostgreSQL's client programs of one major version. */
export interface Clients {
  readonly major: number;
  /** Folder with the libraries that the programs need before those of the system. */
  readonly libraries: string;
  readonly pgDump: string;
  readonly pgRestore: string;
  readonly psql: string;
}

/** The oldest server that TaskAssistant supports. */
const OLDEST_SERVER = 16;

/** Finds the versions in a folder laid out as Debian's `/usr/lib/postgresql`: `17/bin/pg_dump`, and the image's `lib`. Oldest first. */
export async function installedClients(folder: string): Promise<Clients[]> {
  const names = await readdir(folder).catch(() => []);
  const majors = names.filter((name) => /^\d+$/.test(name)).map(Number);
  return majors
    .sort((a, b) => a - b)
    .map((major) => {
      const bin = join(folder, String(major), "bin");
      return {
        major,
        libraries: join(folder, "lib"),
        pgDump: join(bin, "pg_dump"),
        pgRestore: join(bin, "pg_restore"),
        psql: join(bin, "psql"),
      };
    });
}

/**
 * The oldest clients that can read this server: those of its own version, or else of a newer one. pg_dump refuses a server
 * that is newer than itself.
 * @throws BackupError ServerTooNew, ServerTooOld
 */
export function clientsForServer(clients: readonly Clients[], serverMajor: number): Clients {
  if (serverMajor < OLDEST_SERVER) {
    throw new BackupError("ServerTooOld", `PostgreSQL ${serverMajor} is too old; use ${OLDEST_SERVER} or newer.`);
  }
  const found = clients.find(({ major }) => major >= serverMajor);
  if (found !== undefined) return found;
  throw new BackupError(
    "ServerTooNew",
    `the server is PostgreSQL ${serverMajor}, and this version of TaskAssistant backs up ${supported(clients)}. Upgrade TaskAssistant, or back the database up with its provider's tools.`,
  );
}

/**
 * The oldest clients that can read this archive.
 * @throws BackupError ServerTooNew
 */
export function clientsForArchive(clients: readonly Clients[], pgDumpMajor: number): Clients {
  const found = clients.find(({ major }) => major >= pgDumpMajor);
  if (found !== undefined) return found;
  throw new BackupError(
    "ServerTooNew",
    `the backup was made by pg_dump ${pgDumpMajor}, and this version of TaskAssistant restores those of ${supported(clients)}. Use the version that made the backup, or a newer one.`,
  );
}

function supported(clients: readonly Clients[]): string {
  const newest = clients.at(-1)?.major;
  return newest === undefined ? "none: its image has no pg_dump" : `PostgreSQL ${OLDEST_SERVER} to ${newest}`;
}
