import { homedir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { cacheDir } from "./cache.ts";

it.each([
  [{ TASKASSISTANT_CACHE: "/own", XDG_CACHE_HOME: "/xdg" }, "/own"],
  [{ TASKASSISTANT_CACHE: "", XDG_CACHE_HOME: "/xdg" }, "/xdg/taskassistant"],
  [{ XDG_CACHE_HOME: "" }, join(homedir(), ".cache/taskassistant")],
  [{}, join(homedir(), ".cache/taskassistant")],
])("the cache for the environment %j is %s, where an empty variable counts as unset", (env, folder) => {
  expect(cacheDir(env)).toBe(folder);
});
