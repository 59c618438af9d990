import { describe, expect, it } from "vitest";
import { aMoment, CONFIG_MAPS, configMap, until } from "../../test/fixtures/kube-fixture.ts";
import { jumpingClock, managerHarness } from "../../test/harness/manager-harness.ts";
import { builtin, type KubeObject } from "../kube/index.ts";
import type { Key, ReconcileContext } from "./types.ts";

const LEASES = "/apis/coordination.k8s.io/v1/leases";
const { election, open, put, server, start } = managerHarness();

describe("leadership", () => {
  it("a standby fills its caches, is ready, and does not act until it leads", async () => {
    put("one");
    const acts: string[] = [];
    const one = open(election("one"));
    const first = start(one, async () => {
      acts.push("one");
      return {};
    });
    await until(() => acts.length === 1);
    const two = open(election("two"));
    start(two, async () => {
      acts.push("two");
      return {};
    });
    await until(() => two.manager.ready().length === 0);
    expect(two.cache.size).toBe(1);
    expect([one.manager.isLeader(), two.manager.isLeader()]).toEqual([true, false]);
    expect(two.metrics.render()).toContain('leader_election_master_status{name="operator"} 0');
    await aMoment();
    expect(acts).toEqual(["one"]);
    first.stop.abort();
    await until(() => acts.length === 2);
    expect(acts).toEqual(["one", "two"]);
    expect(await first.outcome).toBe("ended");
  });

  it("a lost lease stops writes at once, aborts what runs and ends the process with an error", async () => {
    put("one");
    const opened = open(election("one"));
    const holding = Promise.withResolvers<ReconcileContext>();
    let aborted = false;
    const reconcile = async (_key: Key, context: ReconcileContext) => {
      holding.resolve(context);
      await new Promise<void>((resolve) =>
        context.signal.addEventListener("abort", () => {
          aborted = true;
          resolve();
        }),
      );
      return {};
    };
    const { outcome } = start(opened, reconcile);
    const { client } = await holding.promise;
    const lease = server().store.get(LEASES, "system", "operator");
    server().store.put(LEASES, {
      ...lease,
      spec: { holderIdentity: "another", leaseDurationSeconds: 3 },
    } as unknown as KubeObject);
    expect(await outcome).toBe("LeaseLostError");
    expect(aborted).toBe(true);
    const signal = new AbortController().signal;
    const before = server().requests.length;
    await expect(client.apply(configMap("one"), { signal })).rejects.toMatchObject({ name: "LeaseLostError" });
    await expect(client.delete(builtin.ConfigMap, { namespace: "shop", name: "one" }, { signal })).rejects.toThrow();
    expect(server().requests).toHaveLength(before);
  });
});

it("a process that slept past its lease writes nothing, even before any of its timers could run", async () => {
  put("one");
  const clock = jumpingClock();
  const opened = open({ ...election("one"), clock });
  const holding = Promise.withResolvers<ReconcileContext>();
  const gate = Promise.withResolvers<void>();
  const { outcome } = start(opened, async (_key, context) => {
    holding.resolve(context);
    await gate.promise;
    return {};
  });
  const { client, signal } = await holding.promise;
  const writes = () =>
    server().requests.filter(({ method, path }) => method === "PATCH" && path.includes("configmaps"));
  await client.apply(configMap("before"), { signal });
  clock.jump(2500);
  await expect(client.apply(configMap("after"), { signal })).rejects.toMatchObject({ name: "LeaseLostError" });
  expect(writes()).toHaveLength(1);
  gate.resolve();
  expect(await outcome).toBe("LeaseLostError");
});

describe("stop", () => {
  it("takes the pen from a reconcile that does not end in the drain time", async () => {
    put("one");
    const opened = open();
    const started = Promise.withResolvers<void>();
    let refusal: unknown;
    const { stop, outcome } = start(
      opened,
      async (_key, { client, signal }) => {
        started.resolve();
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        await client.apply(configMap("late"), { signal: new AbortController().signal }).catch((error) => {
          refusal = error;
        });
        return {};
      },
      { drainMs: 20 },
    );
    await started.promise;
    stop.abort();
    expect(await outcome).toBe("ended");
    expect(refusal).toMatchObject({ name: "AbortError" });
    expect(server().store.get(CONFIG_MAPS, "shop", "late")).toBeUndefined();
  });

  it("lets what runs end, gives the lease back, then closes the watches", async () => {
    put("one");
    const opened = open(election("one"));
    const running = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let finished = false;
    const { stop, outcome } = start(opened, async (_key, { client, signal }) => {
      running.resolve();
      await gate.promise;
      await client.apply(configMap("one", { last: "write" }), { signal });
      finished = true;
      return {};
    });
    await running.promise;
    stop.abort();
    put("two");
    await until(() => opened.cache.size === 2);
    expect(opened.manager.isLeader()).toBe(true);
    gate.resolve();
    expect(await outcome).toBe("ended");
    expect(finished).toBe(true);
    expect(server().store.get(LEASES, "system", "operator")).toMatchObject({ spec: { holderIdentity: "" } });
    await until(() => server().watches.every((watch) => !watch.open));
    expect(server().store.get(CONFIG_MAPS, "shop", "two")).not.toHaveProperty("data.last");
  });

  it("aborts what has not ended when the drain time is over", async () => {
    put("one");
    const opened = open();
    let aborted = false;
    const started = Promise.withResolvers<void>();
    const { stop, outcome } = start(
      opened,
      (_key, { signal }) =>
        new Promise((_, reject) => {
          started.resolve();
          signal.addEventListener("abort", () => {
            aborted = true;
            reject(signal.reason);
          });
        }),
      { drainMs: 50 },
    );
    await started.promise;
    stop.abort();
    expect(await outcome).toBe("ended");
    expect(aborted).toBe(true);
  });

  it("works before the caches are filled and before it leads", async () => {
    server().fault(() => true, { kind: "status", status: 500 }, 1000);
    const opened = open(election("one"));
    let calls = 0;
    const { stop, outcome } = start(opened, async () => {
      calls += 1;
      return {};
    });
    await until(() => server().requests.length > 2);
    stop.abort();
    expect(await outcome).toBe("ended");
    expect(calls).toBe(0);
  });
});
