import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFakeClock, settle } from "../../../test/clock-fixture.ts";
import { type AddOptions, createQueue, type QueueDeps } from "./queue.ts";

function open(deps: Partial<QueueDeps> = {}) {
  const clock = createFakeClock();
  const queue = createQueue({ clock, random: () => 0, ...deps });
  const taken: string[] = [];
  /** A worker that notes what it gets and gives it back only when told. */
  const take = () => void queue.get().then((next) => next && taken.push(next.id));
  return { clock, queue, taken, take };
}

/** Takes everything that is due. */
async function takeAll({ queue, take, taken }: ReturnType<typeof open>, count: number): Promise<string[]> {
  for (let turn = 0; turn < count; turn += 1) {
    take();
    await settle();
    const id = taken.at(-1);
    if (id !== undefined) queue.done(id);
  }
  return taken;
}

describe("order", () => {
  it("is by priority, then first come first served", async () => {
    const opened = open();
    opened.queue.add("resync", { priority: -100 });
    opened.queue.add("first");
    opened.queue.add("second");
    opened.queue.add("deletion", { priority: 10 });
    expect(await takeAll(opened, 4)).toEqual(["deletion", "first", "second", "resync"]);
  });

  it("rises with the highest priority an id was added with, and does not fall", async () => {
    const opened = open();
    opened.queue.add("a");
    opened.queue.add("b", { priority: -100 });
    opened.queue.add("b", { priority: 10 });
    opened.queue.add("b", { priority: -100 });
    expect(await takeAll(opened, 2)).toEqual(["b", "a"]);
  });

  it("is kept when a change ends the delay of an urgent id", async () => {
    const opened = open();
    opened.queue.add("a");
    opened.queue.add("b", { priority: 10, afterMs: 60_000 });
    opened.queue.add("b");
    expect(await takeAll(opened, 2)).toEqual(["b", "a"]);
  });
});

describe("one at a time", () => {
  it("hands out an id that was added many times once", async () => {
    const { queue, taken, take } = open();
    for (let count = 0; count < 5; count += 1) queue.add("a");
    take();
    take();
    await settle();
    expect(taken).toEqual(["a"]);
  });

  it("keeps an id that is worked on until it is done, then hands it out again if it was added meanwhile", async () => {
    const { queue, taken, take } = open();
    queue.add("a");
    take();
    await settle();
    queue.add("a");
    queue.add("b");
    take();
    take();
    await settle();
    expect(taken).toEqual(["a", "b"]);
    queue.done("a");
    await settle();
    expect(taken).toEqual(["a", "b", "a"]);
  });

  it("does not hand out an id again that was not added", async () => {
    const { queue, taken, take } = open();
    queue.add("a");
    take();
    await settle();
    queue.done("a");
    take();
    await settle();
    expect(taken).toEqual(["a"]);
  });
});

describe("delay", () => {
  it("holds an id back until it is over", async () => {
    const { clock, queue, taken, take } = open();
    queue.add("a", { afterMs: 1000 });
    take();
    await clock.advance(999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(["a"]);
  });

  it("is the shortest an id was added with; a change ends it", async () => {
    const { clock, queue, taken, take } = open();
    queue.add("a", { afterMs: 60_000 });
    queue.add("a", { afterMs: 1000 });
    queue.add("a", { afterMs: 30_000 });
    queue.add("b", { afterMs: 60_000 });
    take();
    await clock.advance(1000);
    expect(taken).toEqual(["a"]);
    take();
    queue.add("b");
    await settle();
    expect(taken).toEqual(["a", "b"]);
    queue.done("a");
    queue.done("b");
    take();
    await clock.advance(120_000);
    expect(taken).toEqual(["a", "b"]);
  });

  it("leaves no timer behind", async () => {
    const { clock, queue } = open();
    queue.add("a", { afterMs: 1000 });
    queue.add("b", { afterMs: 500 });
    expect(clock.timers).toBe(1);
    queue.shutDown();
    expect(clock.timers).toBe(0);
  });
});

describe("failures", () => {
  /** Milliseconds until an id that failed again comes out. */
  async function waits(count: number, deps: Partial<QueueDeps> = {}): Promise<number[]> {
    const { clock, queue } = open(deps);
    const seen: number[] = [];
    for (let failure = 0; failure < count; failure += 1) {
      const from = clock.now();
      let at = 0;
      queue.add("a", { rateLimited: true });
      void queue.get().then(() => {
        at = clock.now();
      });
      await clock.advance(400_000);
      seen.push(at - from);
      queue.done("a");
    }
    return seen;
  }

  it("double the wait from 5 ms to five minutes", async () => {
    expect(await waits(18)).toEqual([
      5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120, 10240, 20480, 40960, 81920, 163840, 300000, 300000,
    ]);
  });

  it("are spread by jitter, never beyond the bound", async () => {
    expect(await waits(3, { random: () => 1 })).toEqual([3.75, 7.5, 15]);
  });

  it("are counted for each id, and forgotten on request", async () => {
    const { queue } = open();
    queue.add("a", { rateLimited: true });
    queue.add("a", { rateLimited: true });
    queue.add("b", { rateLimited: true });
    expect([queue.failures("a"), queue.failures("b")]).toEqual([2, 1]);
    queue.forget("a");
    expect([queue.failures("a"), queue.failures("b")]).toEqual([0, 1]);
  });
});

describe("stop", () => {
  it("sends waiting and future workers home, and takes nothing more", async () => {
    const { queue } = open();
    const waiting = queue.get();
    queue.shutDown();
    queue.add("a");
    expect(await Promise.all([waiting, queue.get()])).toEqual([undefined, undefined]);
  });
});

it("tells depth by priority, without what is still delayed", () => {
  const { queue } = open();
  queue.add("a");
  queue.add("b");
  queue.add("c", { priority: -100 });
  queue.add("d", { afterMs: 1000 });
  expect([...queue.depth()]).toEqual([
    [0, 2],
    [-100, 1],
  ]);
});

/** What may happen to a queue; ids are few so that they meet. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant("add" as const),
    id: fc.constantFrom("a", "b", "c", "d"),
    options: fc.record(
      { priority: fc.constantFrom(-100, 0, 10), afterMs: fc.constantFrom(0, 5, 50, 500), rateLimited: fc.boolean() },
      { requiredKeys: [] },
    ),
  }),
  fc.record({ kind: fc.constant("take" as const) }),
  fc.record({ kind: fc.constant("done" as const), which: fc.nat(3) }),
  fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(1, 10, 100, 1000) }),
);

it("loses nothing, doubles nothing and never works on one id twice at a time, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { clock, queue } = open();
      const held: string[] = [];
      const got: string[] = [];
      /** Ids added since they were last taken: exactly these must still come. */
      const owed = new Set<string>();
      let waiting = 0;
      const take = () => {
        waiting += 1;
        void queue.get().then((next) => {
          if (next === undefined) return;
          waiting -= 1;
          expect(held).not.toContain(next.id);
          expect(owed.delete(next.id)).toBe(true);
          held.push(next.id);
          got.push(next.id);
        });
      };
      for (const one of steps) {
        if (one.kind === "add") {
          owed.add(one.id);
          queue.add(one.id, one.options as AddOptions);
        } else if (one.kind === "take") take();
        else if (one.kind === "wait") await clock.advance(one.ms);
        else for (const id of held.splice(one.which, 1)) queue.done(id);
        await settle();
      }
      for (const id of held.splice(0)) queue.done(id);
      while (owed.size > 0) {
        const before = got.length;
        if (waiting === 0) take();
        await clock.advance(400_000);
        expect(got.length).toBeGreaterThan(before);
        for (const id of held.splice(0)) queue.done(id);
      }
      if (waiting === 0) take();
      const before = got.length;
      await clock.advance(400_000);
      expect(got.length).toBe(before);
    }),
    { numRuns: 300 },
  );
});

/** What a queue should hand out: the first by rank, and every eighth time the one that came first. */
function expectedOrder(additions: readonly { id: string; priority: number; progress: number }[]): string[] {
  const rank = new Map<string, { priority: number; progress: number }>();
  for (const { id, priority, progress } of additions) {
    const held = rank.get(id) ?? { priority, progress };
    rank.set(id, { priority: Math.max(held.priority, priority), progress: Math.max(held.progress, progress) });
  }
  const byAge = [...rank.keys()];
  const byRank = [...rank].sort(([, a], [, b]) => b.priority - a.priority || b.progress - a.progress).map(([id]) => id);
  const order: string[] = [];
  while (order.length < rank.size) {
    const candidates = (order.length + 1) % 8 === 0 ? byAge : byRank;
    order.push(candidates.find((id) => !order.includes(id)) ?? "");
  }
  return order;
}

it("hands out what is due by priority, progress and age, whatever was added", async () => {
  const addition = fc.record({
    id: fc.nat(30).map(String),
    priority: fc.integer({ min: -2, max: 2 }),
    progress: fc.constantFrom(0, 0.25, 1),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(addition, { maxLength: 80 }), async (additions) => {
      const opened = open();
      for (const { id, ...rank } of additions) opened.queue.add(id, rank);
      const expected = expectedOrder(additions);
      expect(await takeAll(opened, expected.length)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

describe("progress", () => {
  it("puts an object that is nearly done before those that have not begun", async () => {
    const opened = open();
    opened.queue.add("new");
    opened.queue.add("half", { progress: 0.5 });
    opened.queue.add("nearly", { progress: 0.9 });
    expect(await takeAll(opened, 3)).toEqual(["nearly", "half", "new"]);
  });

  it("does not overrule priority", async () => {
    const opened = open();
    opened.queue.add("resync", { priority: -100, progress: 1 });
    opened.queue.add("change");
    expect(await takeAll(opened, 2)).toEqual(["change", "resync"]);
  });
});

it("hands out the least urgent id within eight turns, however many urgent ones keep coming", async () => {
  const opened = open();
  opened.queue.add("patient", { priority: -100 });
  for (let count = 0; count < 8; count += 1) {
    opened.queue.add(`urgent-${count}`, { priority: 10, progress: 1 });
    await takeAll(opened, 1);
  }
  expect(opened.taken).toContain("patient");
});

it("serves every id of a crowd in time, while others come again as soon as they are done", async () => {
  const opened = open();
  const crowd = Array.from({ length: 20 }, (_, index) => `patient-${index}`);
  for (const id of crowd) opened.queue.add(id);
  for (let turn = 0; turn < 8 * (crowd.length + 1); turn += 1) {
    opened.queue.add("greedy", { priority: 10, progress: 1 });
    await takeAll(opened, 1);
  }
  expect(crowd.filter((id) => !opened.taken.includes(id))).toEqual([]);
});
