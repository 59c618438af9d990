import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settle } from "../../../test/fixtures/clock-fixture.ts";
import { queueHarness } from "../../../test/harness/queue-harness.ts";

/** Takes so many ids, each as soon as the one before it is done. */
async function takeAll({ queue, take, taken }: ReturnType<typeof queueHarness>, count: number): Promise<string[]> {
  for (let turn = 0; turn < count; turn += 1) {
    take();
    await settle();
    const id = taken.at(-1);
    if (id !== undefined) queue.done(id);
  }
  return taken;
}

describe("the order", () => {
  it("is by priority, then first come first served", async () => {
    const opened = queueHarness();
    opened.queue.add("resync", { priority: -100 });
    opened.queue.add("first");
    opened.queue.add("second");
    opened.queue.add("deletion", { priority: 10 });
    expect(await takeAll(opened, 4)).toEqual(["deletion", "first", "second", "resync"]);
  });

  it("rises with the highest priority an id was added with, and does not fall", async () => {
    const opened = queueHarness();
    opened.queue.add("a");
    opened.queue.add("b", { priority: -100 });
    opened.queue.add("b", { priority: 10 });
    opened.queue.add("b", { priority: -100 });
    expect(await takeAll(opened, 2)).toEqual(["b", "a"]);
  });

  it("is kept when a change ends the delay of an urgent id", async () => {
    const opened = queueHarness();
    opened.queue.add("a");
    opened.queue.add("b", { priority: 10, afterMs: 60_000 });
    opened.queue.add("b");
    expect(await takeAll(opened, 2)).toEqual(["b", "a"]);
  });
});

describe("progress", () => {
  it("puts an object that is nearly done before those that have not begun", async () => {
    const opened = queueHarness();
    opened.queue.add("new");
    opened.queue.add("half", { progress: 0.5 });
    opened.queue.add("nearly", { progress: 0.9 });
    expect(await takeAll(opened, 3)).toEqual(["nearly", "half", "new"]);
  });

  it("does not overrule priority", async () => {
    const opened = queueHarness();
    opened.queue.add("resync", { priority: -100, progress: 1 });
    opened.queue.add("change");
    expect(await takeAll(opened, 2)).toEqual(["change", "resync"]);
  });
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
      const opened = queueHarness();
      for (const { id, ...rank } of additions) opened.queue.add(id, rank);
      const expected = expectedOrder(additions);
      expect(await takeAll(opened, expected.length)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it("hands out the least urgent id within eight turns, however many urgent ones keep coming", async () => {
  const opened = queueHarness();
  opened.queue.add("patient", { priority: -100 });
  for (let count = 0; count < 8; count += 1) {
    opened.queue.add(`urgent-${count}`, { priority: 10, progress: 1 });
    await takeAll(opened, 1);
  }
  expect(opened.taken).toContain("patient");
});

it("serves every id of a crowd in time, while others come again as soon as they are done", async () => {
  const opened = queueHarness();
  const crowd = Array.from({ length: 20 }, (_, index) => `patient-${index}`);
  for (const id of crowd) opened.queue.add(id);
  for (let turn = 0; turn < 8 * (crowd.length + 1); turn += 1) {
    opened.queue.add("greedy", { priority: 10, progress: 1 });
    await takeAll(opened, 1);
  }
  expect(crowd.filter((id) => !opened.taken.includes(id))).toEqual([]);
});
