import { describe, expect, it } from "vitest";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { createStatusPacing } from "./status-pacing.ts";

type Change = Partial<TaskAssistantStatus> & { readonly [type: `is${string}`]: "True" | "False" };

/** A status with these fields; `isReady: "True"` and the like are conditions. */
function status(change: Change = {}): TaskAssistantStatus {
  const types = Object.entries({ isReady: "False", isStalled: "False", isApiAvailable: "False", ...change });
  return {
    observedGeneration: 1,
    database: { mode: "Managed", volume: "v", migration: "m" },
    ...Object.fromEntries(Object.entries(change).filter(([name]) => !name.startsWith("is"))),
    conditions: types
      .filter(([name]) => name.startsWith("is"))
      .map(([name, is]) => ({
        type: name.slice(2),
        status: is as "True" | "False",
        reason: "R",
        message: "",
        lastTransitionTime: "2026-01-01T00:00:00Z",
      })),
  };
}

describe("a status that differs", () => {
  it("is held while changes gather, and never for more than two seconds, however many there are", () => {
    let time = 0;
    const pacing = createStatusPacing(() => time);
    const hold = (ready: string) =>
      pacing.holdMs("a/b", status(), status({ components: { api: { ready } }, isApiAvailable: "True" }));
    const held = [0, 500, 1999, 2000].map((at) => {
      time = at;
      return hold(`${at}/1`);
    });
    expect(held).toEqual([2000, 1500, 1, 0]);
    pacing.settle("a/b");
    expect(hold("again")).toBe(2000);
  });

  it("is held from its own first change, even if other resources have waited longer", () => {
    let time = 0;
    const pacing = createStatusPacing(() => time);
    const next = status({ isApiAvailable: "True" });
    pacing.holdMs("a/b", status(), next);
    time = 1500;
    expect(pacing.holdMs("a/c", status(), next)).toBe(2000);
    expect(pacing.holdMs("a/b", status(), next)).toBe(500);
  });

  it.each<[string, Change, Change]>([
    ["that people can use it", {}, { isReady: "True" }],
    ["that people can no longer use it", { isReady: "True" }, {}],
    ["that it waits for a person", {}, { isStalled: "True" }],
    ["that it no longer waits for a person", { isStalled: "True" }, {}],
    ["of a new spec", {}, { observedGeneration: 2 }],
    ["of a volume with data", { database: { mode: "Managed" } }, { database: { mode: "Managed", volume: "v" } }],
    ["of a migration that is done", { database: { volume: "v" } }, { database: { volume: "v", migration: "m" } }],
  ])("is written at once when it tells %s", (_what, before, next) => {
    expect(createStatusPacing(() => 0).holdMs("a/b", status(before), status(next))).toBe(0);
  });

  it("may wait when it is the first one, unless it tells more than that there is nothing yet", () => {
    const first = (change: Change) => createStatusPacing(() => 0).holdMs("a/b", undefined, status(change));
    expect(first({ database: {} })).toBe(2000);
    expect(first({ database: {}, isReady: "True" })).toBe(0);
    expect(first({ database: {}, isStalled: "True" })).toBe(0);
  });
});
