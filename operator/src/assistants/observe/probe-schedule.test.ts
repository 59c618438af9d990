import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock, settle } from "../../../test/clock-fixture.ts";
import type { ObjectName } from "../../runtime/index.ts";
import type { ProbeResult } from "./probe-outcome.ts";
import { createProbeSchedule } from "./probe-schedule.ts";

const KEY: ObjectName = { namespace: "team", name: "demo" };

let clock: FakeClock;
let changed: ObjectName[];
let calls: number;
/** Answers in their order; when there is none left, all is well. */
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
    expect([calls, changed]).toEqual([2, [KEY]]);
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
    expect([schedule.latest(KEY, "u"), schedule.latest(KEY, "u"), calls]).toEqual([undefined, undefined, 1]);
    answer({});
    await settle();
    expect([schedule.latest(KEY, "u"), calls, changed]).toEqual([{}, 1, [KEY]]);
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
    expect([schedule.latest(KEY, "u"), calls, changed.length]).toEqual([{}, 3, 1]);
    answers = [{ mcp: "broken" }, { mcp: "broken" }];
    await clock.advance(30_000);
    schedule.latest(KEY, "u");
    await clock.advance(1000);
    expect([schedule.latest(KEY, "u"), calls, changed.length]).toEqual([{ mcp: "broken" }, 5, 2]);
    await clock.advance(5000);
    schedule.latest(KEY, "u");
    await settle();
    expect([schedule.latest(KEY, "u"), changed.length]).toEqual([{}, 3]);
  });

  it("waits between probes of pods that fail differently each time", async () => {
    const schedule = createProbeSchedule({
      probe: async () => {
        calls += 1;
        return { mcp: `status ${500 + calls}` };
      },
      // What a reconcile does: it looks again at once.
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
    expect([schedule.latest(KEY, "u"), calls]).toEqual([{}, 2]);
  });

  it("probes twice before its first outcome is a bad one, because pods are ready before their Services route to them", async () => {
    answers = [{ mcp: "refused" }];
    const schedule = createSchedule();
    schedule.latest(KEY, "u");
    await settle();
    expect([schedule.latest(KEY, "u"), changed]).toEqual([undefined, []]);
    await clock.advance(1000);
    expect([schedule.latest(KEY, "u"), calls, changed]).toEqual([{}, 2, [KEY]]);
  });

  it("has no outcome for another resource of the same name, nor for one that was forgotten", async () => {
    const schedule = createSchedule();
    schedule.latest(KEY, "old");
    await settle();
    expect(schedule.latest(KEY, "new")).toBeUndefined();
    schedule.forget(KEY);
    await settle();
    expect([schedule.latest(KEY, "new"), changed]).toEqual([undefined, [KEY]]);
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
    expect([schedule.latest(KEY, "u"), changed]).toEqual([undefined, []]);
    await settle();
    expect([schedule.latest(KEY, "u"), changed]).toEqual([{}, [KEY]]);
  });

  it("sends no request when probes are disabled", () => {
    const schedule = createProbeSchedule({
      probe: undefined,
      changed: (key) => void changed.push(key),
      clock,
      signal: new AbortController().signal,
    });
    const outcome = schedule.latest(KEY, "u");
    expect([outcome, schedule.nextInMs(outcome)]).toEqual(["disabled", undefined]);
  });
});
