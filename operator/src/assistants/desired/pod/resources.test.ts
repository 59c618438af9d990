import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { desiredInput } from "../../../../test/fixtures/assistant-fixture.ts";
import { children } from "../children.ts";
import { nodeOptions, resources } from "./resources.ts";

const DEFAULTS = { requests: { cpu: "100m", memory: "96Mi" }, limits: { memory: "256Mi" } };

describe("resources", () => {
  it("are the defaults where nothing is given", () => {
    expect(resources(DEFAULTS, undefined)).toEqual(DEFAULTS);
  });

  it.each<[string, object, object]>([
    [
      "replace the default of the same name only",
      { requests: { cpu: "0.5" } },
      { requests: { cpu: "500m", memory: "96Mi" }, limits: { memory: "256Mi" } },
    ],
    [
      "take the default request down to a smaller limit",
      { limits: { memory: "64Mi" } },
      { requests: { cpu: "100m", memory: "64Mi" }, limits: { memory: "64Mi" } },
    ],
    [
      "take the default limit up to a larger request",
      { requests: { memory: "1Gi" } },
      { requests: { cpu: "100m", memory: "1Gi" }, limits: { memory: "1Gi" } },
    ],
    [
      "compare what quantities mean and not how they are written",
      { limits: { memory: "100000Ki", cpu: 0.05 } },
      { requests: { cpu: "50m", memory: "96Mi" }, limits: { cpu: "50m", memory: "100000Ki" } },
    ],
    [
      "stay as given where both are",
      { requests: { memory: "2Gi" }, limits: { memory: "1Gi" } },
      { requests: { cpu: "100m", memory: "2Gi" }, limits: { memory: "1Gi" } },
    ],
  ])("%s", (_what, given, expected) => {
    expect(resources(DEFAULTS, given)).toEqual(expected);
  });
});

describe("the heap of Node.js", () => {
  const heap = (memory: string) => nodeOptions({ limits: { memory } });

  it("is half of the memory limit, however that is written", () => {
    expect(["256Mi", "0.5Gi", "1G", "268435456"].map(heap)).toEqual(
      [128, 256, 476, 128].map((size) => `--max-old-space-size=${size} --max-semi-space-size=4`),
    );
  });

  it("is never so small that a server could not start", () => {
    expect(heap("10Mi")).toContain("--max-old-space-size=32 ");
  });

  it("follows the limit of each server", () => {
    const { servers } = children(
      desiredInput({ model: { provider: "Demo" }, mcp: { resources: { limits: { memory: "1Gi" } } } }),
    );
    const options = Object.entries(servers).map(([server, { spec }]) => {
      const [container] = spec?.template.spec?.containers ?? [];
      const memory = container?.resources?.limits?.memory;
      return [server, memory, container?.env?.find(({ name }) => name === "NODE_OPTIONS")?.value];
    });
    expect(options).toEqual([
      ["model", "192Mi", heap("192Mi")],
      ["mcp", "1Gi", heap("1Gi")],
      ["api", "384Mi", heap("384Mi")],
      ["frontend", "512Mi", heap("512Mi")],
    ]);
  });

  it("is bounded by options that Node.js takes from the environment", () => {
    const script = "console.log(Math.round(require('node:v8').getHeapStatistics().heap_size_limit / 2 ** 20))";
    const { status, stdout } = spawnSync(process.execPath, ["-e", script], {
      env: { ...process.env, NODE_OPTIONS: heap("256Mi") },
      encoding: "utf8",
    });
    // The old space, and three halves of the young generation.
    expect(status).toBe(0);
    expect(Number(stdout)).toBe(128 + 3 * 4);
  });
});
