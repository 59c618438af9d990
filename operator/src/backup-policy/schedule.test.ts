import { describe, expect, it } from "vitest";
import { assistant } from "../../test/fixtures/assistant-fixture.ts";
import { nextBackup, scheduledName, scheduleProblem } from "./schedule.ts";

const POLICY = {
  destination: { pvc: { claimName: "backups" } },
  encryption: { secretRef: { name: "key" } },
};

function policy(more: object = { schedule: "0 3 * * *" }) {
  const found = assistant({ model: { provider: "Demo" }, backup: { ...POLICY, ...more } }).spec.backup;
  if (found === undefined) throw new Error("the fixture has no policy");
  return found;
}

const NOW = new Date("2026-05-10T12:00:00Z");

function next(more: Partial<Parameters<typeof nextBackup>[0]> = {}) {
  const view = { assistant: "demo", policy: policy(), suspended: false, recorded: undefined, names: new Set<string>() };
  return nextBackup({ ...view, now: NOW, ...more })?.toISOString();
}

describe("the next backup of a schedule", () => {
  it("is at its next time, in UTC or in the zone that is given, also over a change of the clock", () => {
    expect(next()).toBe("2026-05-11T03:00:00.000Z");
    const zone = policy({ schedule: "0 3 * * *", timeZone: "Europe/Berlin" });
    expect(next({ policy: zone })).toBe("2026-05-11T01:00:00.000Z");
    expect(next({ policy: zone, now: new Date("2026-10-25T12:00:00Z") })).toBe("2026-10-26T02:00:00.000Z");
  });

  it("is the recorded one for as long as that was not made, however long ago", () => {
    const recorded = "2026-05-01T03:00:00Z";
    expect(next({ recorded })).toBe("2026-05-01T03:00:00.000Z");
    expect(next({ recorded, names: new Set(["demo-20260501-0300"]) })).toBe("2026-05-11T03:00:00.000Z");
  });

  it("is a new one when the schedule was changed, or the recorded time is still to come", () => {
    expect(next({ recorded: "2026-05-01T04:00:00Z" })).toBe("2026-05-11T03:00:00.000Z");
    expect(next({ recorded: "2026-06-01T03:00:00Z" })).toBe("2026-05-11T03:00:00.000Z");
  });

  it("is none without a schedule, and while it or the resource rests", () => {
    expect(next({ policy: policy({}) })).toBeUndefined();
    expect(next({ policy: policy({ schedule: "0 3 * * *", suspend: true }) })).toBeUndefined();
    expect(next({ suspended: true })).toBeUndefined();
    expect(next({ policy: undefined })).toBeUndefined();
  });
});

describe("a schedule", () => {
  it("that can't be used is told with what is wrong", () => {
    expect(scheduleProblem(policy())).toBeUndefined();
    expect(scheduleProblem(policy({ schedule: "61 3 * * *" }))).toMatch(/61|minute/i);
    expect(scheduleProblem(policy({ schedule: "0 3 30 2 *" }))).toBe("it names no time");
    expect(scheduleProblem(policy({ schedule: "0 3 * * *", timeZone: "Mars/Olympus" }))).toMatch(/Mars|time ?zone/i);
    expect(next({ policy: policy({ schedule: "61 3 * * *" }) })).toBeUndefined();
  });

  it("names each backup by its time", () => {
    expect(scheduledName("demo", new Date("2026-05-01T03:07:00Z"))).toBe("demo-20260501-0307");
    expect(scheduledName("a".repeat(40), NOW).length).toBeLessThanOrEqual(56);
  });
});
