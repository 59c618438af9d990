import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settle } from "../../../test/fixtures/clock-fixture.ts";
import { queueHarness } from "../../../test/harness/queue-harness.ts";
import type { AddOptions, QueueDeps } from "./queue.ts";

describe("one at a time", () => {
  it("hands out an id that was added many times once", async () => {
    const { queue, taken, take } = queueHarness();
    for (let count = 0; count < 5; count += 1) queue.add("a");
    take();
    take();
    await settle();
    expect(taken).toEqual(["a"]);
  });

  it("keeps an id that is worked on until it is done, then hands it out again if it was added meanwhile", async () => {
    const { queue, taken, take } = queueHarness();
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
    const { queue, taken, take } = queueHarness();
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
    const { clock, queue, taken, take } = queueHarness();
    queue.add("a", { afterMs: 1000 });
    take();
    await clock.advance(999);
    expect(taken).toEqual([]);
    await clock.advance(1);
    expect(taken).toEqual(["a"]);
  });

  it("is the shortest an id was added with; a change ends it", async () => {
    const { clock, queue, taken, take } = queueHarness();
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
    const { clock, queue } = queueHarness();
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
    const { clock, queue } = queueHarness(deps);
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
    const { queue } = queueHarness();
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
    const { queue } = queueHarness();
    const waiting = queue.get();
    queue.shutDown();
    queue.add("a");
    expect(await Promise.all([waiting, queue.get()])).toEqual([undefined, undefined]);
  });
});

it("tells depth by priority, without what is still delayed", () => {
  const { queue } = queueHarness();
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
      const { clock, queue } = queueHarness();
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
