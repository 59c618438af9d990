import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Notes this process as the one that runs this checkout's services: two would fight over the database's files. Throws
 * when another one is running. A note of a process that is gone doesn't count. Gives the way to take the note back.
 */
export async function claim(file: string): Promise<() => Promise<void>> {
  const noted = Number(await readFile(file, "utf8").catch(() => "0"));
  if (noted > 0 && noted !== process.pid && isAlive(noted)) {
    throw new Error(`make dev is running already in this checkout (process ${noted}); stop it first`);
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
