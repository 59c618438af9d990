/** Files, processes, locks, ports and packages of this machine. Independent of Kubernetes and of npm packages. */
export { backoffMs } from "./backoff.ts";
export { type CachePart, cacheDir, inCache } from "./cache.ts";
export { errorText } from "./error-text.ts";
export { readJson, sha256Of, writeJson, writeStream } from "./files.ts";
export { withLock } from "./lock.ts";
export { aptInstall, ensureSystemPackages, which } from "./packages.ts";
export { freePortFrom, freePorts } from "./ports.ts";
export {
  identityOf,
  isAlive,
  MARKER,
  type ProcessIdentity,
  processesWith,
  signal,
  startTime,
  stopGently,
  waitGone,
} from "./processes.ts";
export { type RunOptions, run } from "./run.ts";
export { waitAtMost } from "./wait.ts";
