/**
 * What `make clean` uses of the cluster's workspace. `make clean` runs without npm packages, since it removes them, and
 * then a workspace can't be imported by its name. This file imports it by path.
 */
export {
  type CachePart,
  cacheDir,
  inCache,
  isAlive,
  MARKER,
  type ProcessIdentity,
  processesWith,
  readJson,
  startTime,
  writeJson,
} from "../../cluster/src/machine/index.ts";
export { buildInputsHash } from "../../cluster/src/programs/build.ts";
