import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  aMoment,
  CONFIG_MAPS,
  type ConfigMap,
  clientOf,
  configMap,
  recordingLog,
  until,
} from "../../test/kube-fixture.ts";
import { isWatch, type StubApiServer, startStubApiServer, status } from "../../test/stub-api-server.ts";
import { builtin, type KubeObject } from "../kube/index.ts";
import { systemClock } from "./clock.ts";
import { createManager, type ManagerDeps } from "./manager.ts";
import { createMetricsRegistry } from "./metrics.ts";
import type { Key, Manager, Reconcile, ReconcileContext, RunOptions, WatchOptions } from "./types.ts";

const PODS = "/api/v1/pods";
const LEASES = "/apis/coordination.k8s.io/v1/leases";
let server: StubApiServer;
const ends: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  server = await startStubApiServer();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await server.close();
});

/** A manager of its own client that watches config maps as what is reconciled. */
function open(deps: Partial<ManagerDeps> = {}, watch: Partial<WatchOptions<ConfigMap>> = {}) {
  const { client, close } = clientOf(server);
  ends.push(close);
  const metrics = createMetricsRegistry();
  const log = recordingLog();
  const manager = createManager({ client, namespaces: ["shop"], log, metrics, ...deps });
  const cache = manager.watch<ConfigMap>({
    resource: builtin.ConfigMap,
    mapToKeys: ({ metadata }) => [{ namespace: metadata.namespace ?? "", name: metadata.name }],
    ...watch,
  });
  return { manager, cache, metrics, log, client };
}

function start(manager: Manager, reconcile: Reconcile, options: Partial<RunOptions> = {}) {
  const stop = new AbortController();
  const run = manager.run({ reconcile, signal: stop.signal, ...options });
  const outcome = run.then(
    () => "ended",
    (error: Error) => error.name,
  );
  ends.push(async () => {
    stop.abort();
    await outcome;
  });
  return { stop, run, outcome };
}

const put = (name: string, data: Record<string, string> = {}) => server.store.put(CONFIG_MAPS, configMap(name, data));
const election = (identity: string): Partial<ManagerDeps> => ({
  leaderElection: {
    lease: { namespace: "system", name: "operator" },
    identity,
    timing: { leaseDurationMs: 3000, renewDeadlineMs: 2000, retryPeriodMs: 100 },
  },
});

describe("from change to reconcile", () => {
  it("reconciles what exists, and what changes, from a filled cache", async () => {
    put("one");
    const { manager, cache } = open();
    const seen: string[] = [];
    start(manager, async (key) => {
      seen.push(`${key.namespace}/${key.name} ${cache.get(key)?.data?.a}`);
      return {};
    });
    await until(() => seen.length === 1);
    put("one", { a: "1" });
    await until(() => seen.length === 2);
    expect(seen).toEqual(["shop/one undefined", "shop/one 1"]);
  });

  it("starts only when every cache is filled", async () => {
    put("one");
    const held = Promise.withResolvers<void>();
    server.fault(({ path }) => path.endsWith("/pods"), { kind: "hold", release: held.promise });
    const { manager } = open();
    manager.watch({ resource: builtin.Pod, mapToKeys: () => [] });
    let calls = 0;
    start(manager, async () => {
      calls += 1;
      return {};
    });
    await aMoment();
    expect(calls).toBe(0);
    expect(manager.ready()).toEqual(["pods in shop not listed yet"]);
    held.resolve();
    await until(() => calls === 1);
    expect(manager.ready()).toEqual([]);
  });

  it("maps children to their owner by a cache index", async () => {
    const owner = put("one");
    const { manager } = open();
    const pods = manager.watch<KubeObject>({
      resource: builtin.Pod,
      labelSelector: { app: "demo" },
      mapToKeys: ({ metadata }) => [{ namespace: metadata.namespace ?? "", name: metadata.labels?.owner ?? "" }],
    });
    const reconciled: Key[] = [];
    start(manager, async (key) => {
      reconciled.push(key);
      return {};
    });
    await until(() => reconciled.length === 1);
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "one", uid: owner.metadata.uid }];
    const metadata = { namespace: "shop", name: "pod", labels: { app: "demo", owner: "one" }, ownerReferences };
    server.store.put(PODS, { apiVersion: "v1", kind: "Pod", metadata });
    await until(() => reconciled.length === 2);
    expect(pods.byOwner(owner.metadata.uid)).toHaveLength(1);
  });

  it("watches each namespace by itself, or the cluster by one stream", async () => {
    start(open({ namespaces: ["shop", "other"] }).manager, async () => ({}));
    await until(() => server.watches.length === 2);
    expect(server.watches.map(({ path }) => path).sort()).toEqual([
      "/api/v1/namespaces/other/configmaps",
      "/api/v1/namespaces/shop/configmaps",
    ]);
    const { manager, cache } = open({ namespaces: ["*"] });
    start(manager, async () => ({}));
    await until(() => server.watches.length === 3);
    expect(server.watches[2]?.path).toBe(CONFIG_MAPS);
    server.store.put(CONFIG_MAPS, configMap("far", {}, { namespace: "elsewhere" }));
    await until(() => cache.size === 1);
  });

  it("tries a handler that threw again, and counts it", async () => {
    let throws = 2;
    const mapToKeys = ({ metadata }: ConfigMap) => {
      if (throws-- > 0) throw new Error("cannot map");
      return [{ namespace: "shop", name: metadata.name }];
    };
    const { manager, metrics } = open({}, { mapToKeys });
    let calls = 0;
    start(manager, async () => {
      calls += 1;
      return {};
    });
    await until(() => server.watches.length === 1);
    put("one");
    await until(() => calls === 1);
    expect(metrics.render()).toContain('reflector_handler_errors_total{resource="configmaps"} 2');
  });

  it("looks at everything again after the resync time", async () => {
    put("one");
    const { manager } = open({ resyncMs: 100 });
    let calls = 0;
    start(manager, async () => {
      calls += 1;
      return {};
    });
    await until(() => calls >= 3);
    expect(server.requests).toHaveLength(2);
  });

  it("reconciles on request, for what no watch can see", async () => {
    const { manager } = open();
    const seen: string[] = [];
    start(manager, async ({ name }) => {
      seen.push(name);
      return {};
    });
    manager.enqueue({ namespace: "shop", name: "later" }, { afterMs: 50 });
    manager.enqueue({ namespace: "shop", name: "now" });
    await until(() => seen.length === 2);
    expect(seen).toEqual(["now", "later"]);
  });
});

describe("read your writes", () => {
  it("does not reconcile a key from a cache that has not seen its last write", async () => {
    const { manager, cache } = open();
    const seen: (string | undefined)[] = [];
    const reconcile = async (key: Key, { client, signal }: ReconcileContext) => {
      seen.push(cache.get(key)?.data?.step);
      if (seen.length === 1) {
        server.watches[0]?.mute();
        await client.apply(configMap("one", { step: "written" }), { signal });
        manager.enqueue(key);
      }
      return {};
    };
    start(manager, reconcile);
    await until(() => server.watches.length === 1);
    put("one", { step: "found" });
    await until(() => seen.length === 1);
    await aMoment();
    expect(seen).toEqual(["found"]);
    server.watches[0]?.reset();
    await until(() => seen.length >= 2);
    expect(seen[1]).toBe("written");
  });
});

describe("leadership", () => {
  it("a standby fills its caches, is ready, and does not act until it leads", async () => {
    put("one");
    const acts: string[] = [];
    const one = open(election("one"));
    const first = start(one.manager, async () => {
      acts.push("one");
      return {};
    });
    await until(() => acts.length === 1);
    const two = open(election("two"));
    start(two.manager, async () => {
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
    const { manager } = open(election("one"));
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
    const { outcome } = start(manager, reconcile);
    const { client } = await holding.promise;
    const lease = server.store.get(LEASES, "system", "operator");
    server.store.put(LEASES, {
      ...lease,
      spec: { holderIdentity: "another", leaseDurationSeconds: 3 },
    } as unknown as KubeObject);
    expect(await outcome).toBe("LeaseLostError");
    expect(aborted).toBe(true);
    const signal = new AbortController().signal;
    const before = server.requests.length;
    await expect(client.apply(configMap("one"), { signal })).rejects.toMatchObject({ name: "LeaseLostError" });
    await expect(client.delete(builtin.ConfigMap, { namespace: "shop", name: "one" }, { signal })).rejects.toThrow();
    expect(server.requests).toHaveLength(before);
  });
});

/** The system's clock, which a test can let jump: time that passed while the process was paused. */
function jumpingClock() {
  const system = systemClock();
  let skew = 0;
  const jump = (ms: number) => {
    skew += ms;
  };
  return { ...system, now: () => system.now() + skew, jump };
}

it("a process that slept past its lease writes nothing, even before any of its timers could run", async () => {
  put("one");
  const clock = jumpingClock();
  const { manager } = open({ ...election("one"), clock });
  const holding = Promise.withResolvers<ReconcileContext>();
  const gate = Promise.withResolvers<void>();
  const { outcome } = start(manager, async (_key, context) => {
    holding.resolve(context);
    await gate.promise;
    return {};
  });
  const { client, signal } = await holding.promise;
  const writes = () => server.requests.filter(({ method, path }) => method === "PATCH" && path.includes("configmaps"));
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
    const { manager } = open();
    const started = Promise.withResolvers<void>();
    let refusal: unknown;
    const { stop, outcome } = start(
      manager,
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
    expect(server.store.get(CONFIG_MAPS, "shop", "late")).toBeUndefined();
  });

  it("lets what runs end, gives the lease back, then closes the watches", async () => {
    put("one");
    const { manager, cache } = open(election("one"));
    const running = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let finished = false;
    const { stop, outcome } = start(manager, async (_key, { client, signal }) => {
      running.resolve();
      await gate.promise;
      await client.apply(configMap("one", { last: "write" }), { signal });
      finished = true;
      return {};
    });
    await running.promise;
    stop.abort();
    put("two");
    await until(() => cache.size === 2);
    expect(manager.isLeader()).toBe(true);
    gate.resolve();
    expect(await outcome).toBe("ended");
    expect(finished).toBe(true);
    expect(server.store.get(LEASES, "system", "operator")).toMatchObject({ spec: { holderIdentity: "" } });
    await until(() => server.watches.every((watch) => !watch.open));
    expect(server.store.get(CONFIG_MAPS, "shop", "two")).not.toHaveProperty("data.last");
  });

  it("does not wait for ever: what does not end is aborted after the drain time", async () => {
    put("one");
    const { manager } = open();
    let aborted = false;
    const started = Promise.withResolvers<void>();
    const { stop, outcome } = start(
      manager,
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
    server.fault(() => true, { kind: "status", status: 500 }, 1000);
    const { manager } = open(election("one"));
    let calls = 0;
    const { stop, outcome } = start(manager, async () => {
      calls += 1;
      return {};
    });
    await until(() => server.requests.length > 2);
    stop.abort();
    expect(await outcome).toBe("ended");
    expect(calls).toBe(0);
  });
});

describe("health", () => {
  it("names the watch that is refused, and why", async () => {
    const refusal = status(403, "Forbidden", "configmaps is forbidden");
    server.fault(() => true, { kind: "status", status: 403, body: refusal }, 1000);
    const { manager } = open();
    expect(manager.ready()).toEqual(["not started"]);
    start(manager, async () => ({}));
    await until(() => manager.ready()[0]?.includes("forbidden") === true);
    expect(manager.ready()[0]).toContain("configmaps in shop not listed yet");
    expect(manager.live()).toEqual([]);
  });

  it("calls a process dead whose reconcile ignores its deadline", async () => {
    put("one");
    const clock = jumpingClock();
    const { manager } = open({ clock });
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    start(manager, async () => {
      started.resolve();
      await gate.promise;
      return {};
    });
    await started.promise;
    clock.jump(89_000);
    expect(manager.live()).toEqual([]);
    clock.jump(2000);
    expect(manager.live()[0]).toContain("ignores its deadline");
    gate.resolve();
  });
});

it("is quiet when nothing happens: after LIST and WATCH no request leaves", async () => {
  put("one");
  const { manager } = open();
  let calls = 0;
  start(manager, async () => {
    calls += 1;
    return {};
  });
  await until(() => calls === 1 && server.requests.filter(isWatch).length === 1);
  await aMoment();
  expect(server.requests).toHaveLength(2);
});
