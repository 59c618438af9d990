import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock, settle } from "../../../test/fixtures/clock-fixture.ts";
import type { ObjectName } from "../../runtime/index.ts";
import type { ProbeResult } from "./probe-outcome.ts";
import { createProbeSchedule } from "./probe-schedule.ts";

const KEY: ObjectName = { namespace: "team", name: "demo" };

let clock: FakeClock;
let changed: ObjectName[];
let calls: number;
/** The results of the next probes. Further probes succeed. */
let answers: ProbeResult[];

beforeEach(() => {
  clock = createFakeClock();
  changed = [];
  calls = 0;
  answers = [];
});

function createSchedule(signal = new AbortController().signal) {
  const probe = async () => {
    calls += 1;
    return answers.shift() ?? {};
  };
  return createProbeSchedule({ probe, changed: (key) => void changed.push(key), clock, signal });
}

describe("the probe schedule", () => {
  it("never waits for a probe, and reports its outcome only if it differs from the last one", async () => {
    const schedule = createSchedule();
    expect(schedule.latest(KEY, "u")).toBeUndefined();
    await settle();
    expect(schedule.latest(KEY, "u")).toEqual({});
    expect(calls).toBe(1);
    expect(changed).toEqual([KEY]);
    await clock.advance(30_000);
    expect(schedule.latest(KEY, "u")).toEqual({});
    await settle();
    expect(calls).toBe(2);
    expect(changed).toEqual([KEY]);
  });

  it("runs one probe of an assistant at a time", async () => {
    let answer: (result: ProbeResult) => void = () => undefined;
    const schedule = createProbeSchedule({
      probe: () => {
        calls += 1;
        return new Promise((resolve) => {
          answer = resolve;
        });
      },
      changed: (key) => void changed.push(key),
      clock,
      signal: new AbortController().signal,
    });
    expect(schedule.latest(KEY, "u")).toBeUndefined();
    expect(schedule.latest(KEY, "u")).toBeUndefined();
    expect(calls).toBe(1);
    answer({});
    await settle();
    expect(schedule.latest(KEY, "u")).toEqual({});
    expect(calls).toBe(1);
    expect(changed).toEqual([KEY]);
  });

  it("probes again after half a minute, and sooner when something is wrong", async () => {
    const schedule = createSchedule();
    schedule.latest(KEY, "u");
    await settle();
    await clock.advance(20_000);
    schedule.latest(KEY, "u");
    expect(calls).toBe(1);
    await clock.advance(10_000);
    schedule.latest(KEY, "u");
    expect(calls).toBe(2);
    expect(schedule.nextInMs({ mcp: "broken" })).toBeLessThan(schedule.nextInMs({}) ?? 0);
  });

  it("withdraws a good outcome only after two failures, and a bad one after one success", async () => {
    const schedule = createSchedule();
    schedule.latest(KEY, "u");
    await settle();
    answers = [{ mcp: "lost" }];
    await clock.advance(30_000);
    schedule.latest(KEY, "u");
    await clock.advance(1000);
    expect(schedule.latest(KEY, "u")).toEqual({});
    expect(calls).toBe(3);
    expect(changed).toHaveLength(1);
    answers = [{ mcp: "broken" }, { mcp: "broken" }];
    await clock.advance(30_000);
    schedule.latest(KEY, "u");
    await clock.advance(1000);
    expect(schedule.latest(KEY, "u")).toEqual({ mcp: "broken" });
    expect(calls).toBe(5);
    expect(changed).toHaveLength(2);
    await clock.advance(5000);
    schedule.latest(KEY, "u");
    await settle();
    expect(schedule.latest(KEY, "u")).toEqual({});
    expect(changed).toHaveLength(3);
  });

  it("waits between probes of pods that fail differently each time", async () => {
    const schedule = createProbeSchedule({
      probe: async () => {
        calls += 1;
        return { mcp: `status ${500 + calls}` };
      },
      // A reconcile looks again at once.
      changed: (key) => void schedule.latest(key, "u"),
      clock,
      signal: new AbortController().signal,
    });
    schedule.latest(KEY, "u");
    await clock.advance(1000);
    expect(calls).toBe(2);
    await clock.advance(3000);
    schedule.latest(KEY, "u");
    await settle();
    expect(calls).toBe(2);
    await clock.advance(2000);
    schedule.latest(KEY, "u");
    await settle();
    expect(calls).toBe(3);
  });

  it("discards an outcome that is older than a minute", async () => {
    const schedule = createSchedule();
    schedule.latest(KEY, "u");
    await settle();
    await clock.advance(60_000);
    expect(schedule.latest(KEY, "u")).toBeUndefined();
    await settle();
    expect(schedule.latest(KEY, "u")).toEqual({});
    expect(calls).toBe(2);
  });

  it("probes twice before its first outcome is a bad one, because pods are ready before their Services route to them", async () => {
    answers = [{ mcp: "refused" }];
    const schedule = createSchedule();
    schedule.latest(KEY, "u");
    await settle();
    expect(schedule.latest(KEY, "u")).toBeUndefined();
    expect(changed).toEqual([]);
    await clock.advance(1000);
    expect(schedule.latest(KEY, "u")).toEqual({});
    expect(calls).toBe(2);
    expect(changed).toEqual([KEY]);
  });

  it("has no outcome for another resource of the same name, and none after it was discarded", async () => {
    const schedule = createSchedule();
    schedule.latest(KEY, "old");
    await settle();
    expect(schedule.latest(KEY, "new")).toBeUndefined();
    schedule.forget(KEY);
    await settle();
    expect(schedule.latest(KEY, "new")).toBeUndefined();
    expect(changed).toEqual([KEY]);
  });

  it("repeats a probe that was rejected", async () => {
    const schedule = createProbeSchedule({
      probe: async () => {
        calls += 1;
        if (calls === 1) throw new Error("a fault of ours");
        return {};
      },
      changed: (key) => void changed.push(key),
      clock,
      signal: new AbortController().signal,
    });
    schedule.latest(KEY, "u");
    await settle();
    expect(schedule.latest(KEY, "u")).toBeUndefined();
    expect(changed).toEqual([]);
    await settle();
    expect(schedule.latest(KEY, "u")).toEqual({});
    expect(changed).toEqual([KEY]);
  });

  it("sends no request when probes are disabled", () => {
    const schedule = createProbeSchedule({
      probe: undefined,
      changed: (key) => void changed.push(key),
      clock,
      signal: new AbortController().signal,
    });
    const outcome = schedule.latest(KEY, "u");
    expect(outcome).toBe("disabled");
    expect(schedule.nextInMs(outcome)).toBeUndefined();
  });
});
