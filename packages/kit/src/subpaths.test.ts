import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";

/** Which of these packages a fresh Node.js loads with one subpath of kit. */
function loadedWith(subpath: string): string[] {
  const script = `
    import { registerHooks } from "node:module";
    const seen = new Set();
    registerHooks({ load(url, context, next) { seen.add(url); return next(url, context); } });
    await import("@taskassistant/kit/${subpath}");
    console.log(JSON.stringify([...seen]));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  const urls: string[] = JSON.parse(output);
  return ["hono", "jose", "lru-cache", "pino"].filter((name) =>
    urls.some((url) => url.includes(`/node_modules/${name}/`)),
  );
}

it.each([
  ["collections", ["lru-cache"]],
  ["failures", []],
  ["fetch", []],
  ["http", ["hono", "lru-cache"]],
  ["jwt", ["jose", "lru-cache"]],
  ["process", ["pino"]],
])("kit/%s loads only its own packages: %j", (subpath, packages) => {
  expect(loadedWith(subpath)).toEqual(packages);
});
