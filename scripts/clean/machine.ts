/**
 * What `make clean` uses of the cluster's workspace. It removes the npm packages, so it runs without them, and then no
 * workspace can be imported by its name: this file imports by path.
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
