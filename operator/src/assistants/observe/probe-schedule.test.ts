import { beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock, settle } from "../../../test/clock-fixture.ts";
import type { Key } from "../../runtime/index.ts";
import { createProbing } from "./probe-schedule.ts";
import type { ProbeResult } from "./snapshot.ts";

const KEY: Key = { namespace: "team", name: "demo" };

let clock: FakeClock;
let changed: Key[];
let calls: number;
/** Answers in their order; when there is none left, all is well. */
let answers: ProbeResult[];

beforeEach(() => {
  clock = createFakeClock();
  changed = [];
  calls = 0;
  answers = [];
});

function probing(signal = new AbortController().signal) {
  const probe = async () => {
    calls += 1;
    return answers.shift() ?? {};
  };
  return createProbing({ probe, changed: (key) => void changed.push(key), clock, signal });
}

describe("probing", () => {
  it("never waits: what is asked is told when the answer came, and then only if it is news", async () => {
    const asking = probing();
    expect(asking.look(KEY, "u")).toBeUndefined();
    await settle();
    expect([changed, asking.look(KEY, "u"), calls]).toEqual([[KEY], {}, 1]);
    await clock.advance(30_000);
    expect(asking.look(KEY, "u")).toEqual({});
    await settle();
    expect([calls, changed]).toEqual([2, [KEY]]);
  });

  it("asks one question at a time, however often it is looked at", async () => {
    let answer: (result: ProbeResult) => void = () => undefined;
    const asking = createProbing({
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
    expect([asking.look(KEY, "u"), asking.look(KEY, "u"), calls]).toEqual([undefined, undefined, 1]);
    answer({});
    await settle();
    expect([asking.look(KEY, "u"), calls, changed]).toEqual([{}, 1, [KEY]]);
  });

  it("asks again after half a minute, sooner when something is wrong", async () => {
    const asking = probing();
    asking.look(KEY, "u");
    await settle();
    await clock.advance(20_000);
    asking.look(KEY, "u");
    expect(calls).toBe(1);
    await clock.advance(10_000);
    asking.look(KEY, "u");
    expect(calls).toBe(2);
    expect(asking.nextInMs({ mcp: "broken" })).toBeLessThan(asking.nextInMs({}) ?? 0);
  });

  it("asks twice before it takes back a good word, and once to give it", async () => {
    const asking = probing();
    asking.look(KEY, "u");
    await settle();
    answers = [{ mcp: "lost" }];
    await clock.advance(30_000);
    asking.look(KEY, "u");
    await clock.advance(1000);
    expect([asking.look(KEY, "u"), calls, changed.length]).toEqual([{}, 3, 1]);
    answers = [{ mcp: "broken" }, { mcp: "broken" }];
    await clock.advance(30_000);
    asking.look(KEY, "u");
    await clock.advance(1000);
    expect([asking.look(KEY, "u"), calls, changed.length]).toEqual([{ mcp: "broken" }, 5, 2]);
    await clock.advance(5000);
    asking.look(KEY, "u");
    await settle();
    expect([asking.look(KEY, "u"), changed.length]).toEqual([{}, 3]);
  });

  it("is not driven by pods that answer differently each time: a bad answer rests as well", async () => {
    const asking = createProbing({
      probe: async () => {
        calls += 1;
        return { mcp: `status ${500 + calls}` };
      },
      // What a reconcile does: it looks again at once.
      changed: (key) => void asking.look(key, "u"),
      clock,
      signal: new AbortController().signal,
    });
    asking.look(KEY, "u");
    await clock.advance(1000);
    expect(calls).toBe(2);
    await clock.advance(3000);
    asking.look(KEY, "u");
    await settle();
    expect(calls).toBe(2);
    await clock.advance(2000);
    asking.look(KEY, "u");
    await settle();
    expect(calls).toBe(3);
  });

  it("takes no answer for true that is older than a minute", async () => {
    const asking = probing();
    asking.look(KEY, "u");
    await settle();
    await clock.advance(60_000);
    expect(asking.look(KEY, "u")).toBeUndefined();
    await settle();
    expect([asking.look(KEY, "u"), calls]).toEqual([{}, 2]);
  });

  it("asks twice before its first word is a bad one: pods are ready before their Services know", async () => {
    answers = [{ mcp: "refused" }];
    const asking = probing();
    asking.look(KEY, "u");
    await settle();
    expect([asking.look(KEY, "u"), changed]).toEqual([undefined, []]);
    await clock.advance(1000);
    expect([asking.look(KEY, "u"), calls, changed]).toEqual([{}, 2, [KEY]]);
  });

  it("takes no answer for another resource of the same name, nor one that was forgotten", async () => {
    const asking = probing();
    asking.look(KEY, "old");
    await settle();
    expect(asking.look(KEY, "new")).toBeUndefined();
    asking.forget(KEY);
    await settle();
    expect([asking.look(KEY, "new"), changed]).toEqual([undefined, [KEY]]);
  });

  it("that failed in itself is tried again at the next look", async () => {
    const asking = createProbing({
      probe: async () => {
        calls += 1;
        if (calls === 1) throw new Error("a fault of ours");
        return {};
      },
      changed: (key) => void changed.push(key),
      clock,
      signal: new AbortController().signal,
    });
    asking.look(KEY, "u");
    await settle();
    expect([asking.look(KEY, "u"), changed]).toEqual([undefined, []]);
    await settle();
    expect([asking.look(KEY, "u"), changed]).toEqual([{}, [KEY]]);
  });

  it("asks nobody when probes are off", () => {
    const asking = createProbing({
      probe: undefined,
      changed: (key) => void changed.push(key),
      clock,
      signal: new AbortController().signal,
    });
    const outcome = asking.look(KEY, "u");
    expect([outcome, asking.nextInMs(outcome)]).toEqual(["disabled", undefined]);
  });
});
