import { describe, expect, it } from "vitest";
import { assistant } from "../../../test/fixtures/assistant-fixture.ts";
import { type Condition, REASONS, type ReasonEntry } from "../../api/taskassistants/v1alpha1/index.ts";
import { transitionEvents } from "./events.ts";
import { type Finding, finding } from "./findings/finding.ts";

function events(found: Finding, before?: Pick<Condition, "status" | "reason">) {
  const previous = {
    type: found.type,
    message: "",
    lastTransitionTime: "2026-01-01T00:00:00Z",
    observedGeneration: 1,
  };
  const status = before === undefined ? {} : { status: { conditions: [{ ...previous, ...before }] } };
  return transitionEvents({ ...assistant(), ...status }, [found]).map(({ type, reason }) => `${type} ${reason}`);
}

describe("the Event of a condition", () => {
  it("is a warning for trouble, and normal for waiting", () => {
    expect(events(finding("ApiAvailable", "CrashLooping", "m"))).toEqual(["Warning CrashLooping"]);
    expect(events(finding("ApiAvailable", "RollingOut", "m"), { status: "True", reason: "Available" })).toEqual([
      "Normal RollingOut",
    ]);
  });

  it("is recorded again when one trouble follows another", () => {
    const before = { status: "False", reason: "CrashLooping" } as const;
    expect(events(finding("ApiAvailable", "ImagePullFailed", "m"), before)).toEqual(["Warning ImagePullFailed"]);
    expect(events(finding("ApiAvailable", "CrashLooping", "m"), before)).toEqual([]);
  });

  it("is not recorded for the first condition of a resource unless it is True or trouble", () => {
    expect(events(finding("ApiAvailable", "Waiting", "m"))).toEqual([]);
    expect(events(finding("ApiAvailable", "Available", "m"))).toEqual(["Normal Available"]);
    expect(events(finding("Accepted", "Accepted", "m"))).toEqual([]);
  });

  it("is never recorded for conditions that summarise others", () => {
    expect(events(finding("Stalled", "ApplyRefused", "m"))).toEqual([]);
  });
});

it("a reason is a warning in all conditions that have it, or in none", () => {
  const entries = Object.values(REASONS).flatMap(({ reasons }) =>
    Object.entries<ReasonEntry>(reasons).map(([reason, { warning = false }]) => ({ reason, warning })),
  );
  const mixed = [...Map.groupBy(entries, ({ reason }) => reason)].filter(
    ([, uses]) => new Set(uses.map(({ warning }) => warning)).size > 1,
  );
  expect(mixed.map(([reason]) => reason)).toEqual([]);
});
