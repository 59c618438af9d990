import { describe, expect, it } from "vitest";
import { createFakeClock, settle } from "../../../test/fixtures/clock-fixture.ts";
import { recordingLog } from "../../../test/fixtures/kube-fixture.ts";
import type { KubeClient } from "../../kube/index.ts";
import type { ReconcileContext, Result } from "../types.ts";
import { createQueue } from "./queue.ts";
import { createWorkers, type WorkersDeps } from "./workers.ts";

const client = {} as KubeClient;

function start(reconcile: WorkersDeps["reconcile"], deps: Partial<WorkersDeps> = {}) {
  const clock = createFakeClock();
  const queue = createQueue({ clock, random: () => 0 });
  const log = recordingLog();
  const results: string[] = [];
  const counts = { timedOut: 0, most: 0 };
  const workers = createWorkers({
    queue,
    reconcile,
    clientFor: () => client,
    behind: () => false,
    clock,
    log,
    observer: {
      reconciled: (result) => void results.push(result),
      timedOut: () => void counts.timedOut++,
      active(count) {
        counts.most = Math.max(counts.most, count);
      },
    },
    ...deps,
  });
  const stop = new AbortController();
  workers.start(stop.signal);
  return { clock, queue, log, results, counts, workers, stop };
}

/** A reconcile that answers by the list and notes when it was called. */
function scripted(outcomes: readonly (Result | Error)[]) {
  const calls: string[] = [];
  const reconcile = async ({ namespace, name }: { namespace: string; name: string }) => {
    const outcome = outcomes[calls.length] ?? {};
    calls.push(`${namespace}/${name}`);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { calls, reconcile };
}

it("an object that is put back keeps its place by its progress", async () => {
  const order: string[] = [];
  const reconcile: WorkersDeps["reconcile"] = async ({ name }) => {
    order.push(name);
    return order.length <= 2 ? { requeueAfterMs: 1000 } : {};
  };
  const progress: WorkersDeps["progress"] = ({ name }) => (name === "nearly" ? 0.9 : 0);
  const { clock, queue } = start(reconcile, { progress, concurrency: 1 });
  for (const name of ["begun", "nearly"]) queue.add(`ConfigMap shop/${name}`);
  await clock.advance(1000);
  expect(order).toEqual(["begun", "nearly", "nearly", "begun"]);
});

describe("results", () => {
  it("success ends it", async () => {
    const { calls, reconcile } = scripted([{}]);
    const { clock, queue, results } = start(reconcile);
    queue.add("ConfigMap shop/demo");
    await clock.advance(1_000_000);
    expect(calls).toEqual(["shop/demo"]);
    expect(results).toEqual(["success"]);
  });

  it("an error is tried again with growing delay until it succeeds, which forgets the failures", async () => {
    const { calls, reconcile } = scripted([new Error("one"), new Error("two"), {}]);
    const { clock, queue, results, log } = start(reconcile);
    queue.add("ConfigMap shop/demo");
    await clock.advance(4);
    expect(calls).toHaveLength(1);
    await clock.advance(1);
    expect(calls).toHaveLength(2);
    expect(queue.failures("ConfigMap shop/demo")).toBe(2);
    await clock.advance(10);
    expect(calls).toHaveLength(3);
    expect(queue.failures("ConfigMap shop/demo")).toBe(0);
    expect(results).toEqual(["error", "error", "success"]);
    expect(log.lines.filter(({ level }) => level === "error")).toHaveLength(2);
  });

  it("requeueAfter comes back at that time, and forgets the failures", async () => {
    const { calls, reconcile } = scripted([new Error("one"), { requeueAfterMs: 5000 }]);
    const { clock, queue, results } = start(reconcile);
    queue.add("ConfigMap shop/demo");
    await clock.advance(5);
    expect(queue.failures("ConfigMap shop/demo")).toBe(0);
    await clock.advance(4999);
    expect(calls).toHaveLength(2);
    await clock.advance(1);
    expect(calls).toHaveLength(3);
    expect(results).toEqual(["error", "requeue_after", "success"]);
  });

  it("a synchronous throw is an error like any other", async () => {
    const { clock, queue, results } = start(() => {
      throw new Error("not even a promise");
    });
    queue.add("ConfigMap shop/demo");
    await clock.advance(0);
    expect(results).toEqual(["error"]);
  });

  it("keeps the priority of a failure", async () => {
    const order: string[] = [];
    let failed = false;
    const { clock, queue } = start(
      async ({ name }) => {
        order.push(name);
        if (name === "urgent" && !failed) {
          failed = true;
          for (const other of ["a", "b"]) queue.add(`ConfigMap shop/${other}`, { afterMs: 5 });
          throw new Error("once");
        }
        return {};
      },
      { concurrency: 1 },
    );
    queue.add("ConfigMap shop/urgent", { priority: 10 });
    await clock.advance(5);
    expect(order).toEqual(["urgent", "urgent", "a", "b"]);
  });
});

describe("workers", () => {
  it("are four, and never two on one key", async () => {
    const open = new Map<string, number>();
    const gates: (() => void)[] = [];
    const { clock, queue, counts } = start(async ({ name }) => {
      open.set(name, (open.get(name) ?? 0) + 1);
      expect(open.get(name)).toBe(1);
      await new Promise<void>((resolve) => gates.push(resolve));
      open.set(name, 0);
      return {};
    });
    for (let round = 0; round < 3; round += 1) {
      for (let key = 0; key < 6; key += 1) queue.add(`ConfigMap shop/${key}`);
      await clock.advance(0);
      gates.splice(0, 2).forEach((release) => {
        release();
      });
    }
    while (gates.length > 0) {
      gates.splice(0).forEach((release) => {
        release();
      });
      await settle();
    }
    expect(counts.most).toBe(4);
  });

  it("wait for a running reconcile before they are idle", async () => {
    const gate = Promise.withResolvers<void>();
    const { clock, queue, workers } = start(async () => {
      await gate.promise;
      return {};
    });
    queue.add("ConfigMap shop/demo");
    await clock.advance(0);
    queue.shutDown();
    let idle = false;
    void workers.idle().then(() => {
      idle = true;
    });
    await settle();
    expect(idle).toBe(false);
    gate.resolve();
    await settle();
    expect(idle).toBe(true);
  });
});

describe("deadline", () => {
  it("reaches the reconcile through its signal, counts as a timeout and is tried again", async () => {
    let reason: unknown;
    const aborted = Promise.withResolvers<void>();
    const { queue, counts, results, stop } = start(
      (_key, { signal }: ReconcileContext) =>
        new Promise((_, reject) =>
          signal.addEventListener("abort", () => {
            reason = signal.reason;
            aborted.resolve();
            reject(signal.reason);
          }),
        ),
      { deadlineMs: 20 },
    );
    queue.add("ConfigMap shop/demo");
    await aborted.promise;
    await settle();
    expect(reason).toMatchObject({ name: "TimeoutError" });
    expect(counts.timedOut).toBe(1);
    expect(results).toEqual(["error"]);
    expect(queue.failures("ConfigMap shop/demo")).toBe(1);
    stop.abort();
    queue.shutDown();
  });

  it("is not what a stop is counted as", async () => {
    const { clock, queue, counts, log, stop } = start(
      (_key, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    queue.add("ConfigMap shop/demo");
    await clock.advance(0);
    stop.abort();
    await settle();
    expect(counts.timedOut).toBe(0);
    expect(log.lines).toEqual([]);
  });
});

it("waits with a key whose writes the caches have not seen, without calling it a reconcile", async () => {
  const { calls, reconcile } = scripted([]);
  let behind = true;
  const { clock, queue, results } = start(reconcile, { behind: () => behind });
  queue.add("ConfigMap shop/demo");
  await clock.advance(2000);
  expect(calls).toEqual([]);
  expect(results).toEqual([]);
  behind = false;
  await clock.advance(1000);
  expect(calls).toEqual(["shop/demo"]);
});
