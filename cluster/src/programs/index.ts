import { join } from "node:path";
import { cacheDir, inCache } from "../machine/cache.ts";
import { withLock } from "../machine/lock.ts";
import { buildInputsHash, buildPrograms } from "./build.ts";
import { downloadPrograms, OFFICIAL_HOSTS } from "./download.ts";
import { findPrograms, type Served } from "./lookup.ts";
import type { Program } from "./names.ts";

export { CONTROL_PLANE_PROGRAMS, NODE_PROGRAMS, PROGRAMS, type Program, VERSIONS } from "./names.ts";

const ARCHITECTURES: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

/**
 * Finds the folder of the Kubernetes programs in the documented order (see `lookup.ts`) and logs it. Fills the project's
 * cache under a lock, so that two runs do not build the same programs.
 * @throws with the reason if no source provides them
 */
export async function locatePrograms(wanted: readonly Program[], log: (line: string) => void): Promise<Served> {
  const cache = join(inCache("kube"), buildInputsHash());
  const arch = ARCHITECTURES[process.arch];
  if (process.platform !== "linux" || arch === undefined) {
    throw new Error(
      `the Kubernetes programs need Linux on amd64 or arm64, but this machine runs ${process.platform} on ${process.arch}`,
    );
  }
  const served = await findPrograms(wanted, {
    env: process.env,
    cache,
    log,
    exclusively: (action) =>
      withLock(`${cache}.lock`, 2 * 60 * 60_000, action, () =>
        log("programs: waiting for another run that installs them"),
      ),
    download: (into) =>
      downloadPrograms(into, { hosts: OFFICIAL_HOSTS, arch, firstAnswerMs: 8_000, fileMs: 15 * 60_000, log }),
    build: (into) => buildPrograms(into, { cache: cacheDir(), log }),
  });
  log(`programs: using ${served.dir} (${served.from})`);
  return served;
}
