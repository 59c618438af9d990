import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheDir } from "./cache.ts";

it.each([
  [{ TASKASSISTANT_CACHE: "/own", XDG_CACHE_HOME: "/xdg" }, "/own"],
  [{ TASKASSISTANT_CACHE: "", XDG_CACHE_HOME: "/xdg" }, "/xdg/taskassistant"],
  [{ XDG_CACHE_HOME: "" }, join(homedir(), ".cache/taskassistant")],
  [{}, join(homedir(), ".cache/taskassistant")],
])("the cache of %j is %s: an empty variable counts as none, as in scripts/with-node", (env, folder) => {
  expect(cacheDir(env)).toBe(folder);
});
