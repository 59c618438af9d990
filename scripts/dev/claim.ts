import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Records this process as the one that runs this checkout's services, since two would share the database's files. The
 * record of a process that has ended does not count.
 * @returns a function that removes the record @throws if another process runs the services
 */
export async function claim(file: string): Promise<() => Promise<void>> {
  const noted = Number(await readFile(file, "utf8").catch(() => "0"));
  if (noted > 0 && noted !== process.pid && isAlive(noted)) {
    throw new Error(`make dev is already running in this checkout (process ${noted}); stop it first`);
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, String(process.pid));
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
