import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inCache, run } from "@taskassistant/cluster/machine";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unpackPackages } from "../images/debian.ts";
import { read, yamlOf } from "./texts.ts";

/** The health check of `docs/how-to/gitops.md` in Lua 5.1, the language of Argo CD, without the libraries it switches off. */
const folder = mkdtempSync(join(tmpdir(), "ta-lua-"));
const KEY = "resource.customizations.health.taskassistant.dev_TaskAssistant";

beforeAll(
  () => unpackPackages(["lua5.1", "liblua5.1-0", "libreadline8t64", "libtinfo6", "libc6"], folder, inCache("images")),
  300_000,
);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A value as a Lua expression. */
function lua(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(lua).join(", ")}}`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value)
      .map(([key, field]) => `[${JSON.stringify(key)}] = ${lua(field)}`)
      .join(", ")}}`;
  }
  return JSON.stringify(value);
}

async function health(status: object | undefined): Promise<string> {
  const script = yamlOf(read("docs/how-to/gitops.md"))
    .map(({ data }) => (data as Record<string, string> | undefined)?.[KEY])
    .find((text) => text !== undefined);
  const obj = { metadata: { name: "demo", generation: 2 }, ...(status === undefined ? {} : { status }) };
  const program = [
    `obj = ${lua(obj)}`,
    "local write = io.write",
    "io, os, string, math, debug = nil, nil, nil, nil, nil",
    `local hs = (function() ${script} end)()`,
    "assert(hs.message ~= nil)",
    "write(hs.status)",
  ].join("\n");
  const loader = join(folder, "usr/lib64/ld-linux-x86-64.so.2");
  const libraries = join(folder, "usr/lib/x86_64-linux-gnu");
  return run(loader, ["--library-path", libraries, join(folder, "usr/bin/lua5.1"), "-e", program], {
    timeoutMs: 20_000,
  });
}

const conditions = (found: Readonly<Record<string, string>>) =>
  Object.entries(found).map(([type, status]) => ({ type, status, message: `${type} is ${status}` }));
const current = (found: Readonly<Record<string, string>>) => ({ observedGeneration: 2, conditions: conditions(found) });

describe("the health check for Argo CD", () => {
  it.each<[string, object | undefined, string]>([
    ["is new and has no status", undefined, "Progressing"],
    ["has the status that the definition gives it", { conditions: conditions({ Ready: "Unknown" }) }, "Progressing"],
    ["is ready", current({ Ready: "True", Reconciling: "False", Stalled: "False", Suspended: "False" }), "Healthy"],
    ["is ready for an older spec", { ...current({ Ready: "True" }), observedGeneration: 1 }, "Progressing"],
    ["is ready and rolls out", current({ Ready: "True", Reconciling: "True" }), "Progressing"],
    ["starts", current({ Ready: "False", Reconciling: "True", Stalled: "False" }), "Progressing"],
    ["needs a person", current({ Ready: "False", Reconciling: "False", Stalled: "True" }), "Degraded"],
    ["is suspended", current({ Ready: "False", Suspended: "True", Stalled: "False" }), "Suspended"],
  ])("calls an assistant that %s %s", async (_what, status, expected) => {
    expect(await health(status)).toBe(expected);
  });
});
