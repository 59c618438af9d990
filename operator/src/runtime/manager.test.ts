import { describe, expect, it } from "vitest";
import { aMoment, CONFIG_MAPS, type ConfigMap, configMap, until } from "../../test/fixtures/kube-fixture.ts";
import { isWatch, status } from "../../test/harness/api-server-harness.ts";
import { jumpingClock, managerHarness } from "../../test/harness/manager-harness.ts";
import { builtin, type KubeObject } from "../kube/index.ts";
import type { Key, ReconcileContext } from "./types.ts";

const PODS = "/api/v1/pods";
const { open, put, server, start } = managerHarness();

describe("from change to reconcile", () => {
  it("reconciles what exists, and what changes, from a filled cache", async () => {
    put("one");
    const opened = open();
    const seen: string[] = [];
    start(opened, async (key) => {
      seen.push(`${key.namespace}/${key.name} ${opened.cache.get(key)?.data?.a}`);
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
    server().fault(({ path }) => path.endsWith("/pods"), { kind: "hold", release: held.promise });
    const opened = open();
    const { manager } = opened;
    manager.watch({ resource: builtin.Pod });
    let calls = 0;
    start(opened, async () => {
      calls += 1;
      return {};
    });
    await until(() => manager.ready().length === 1);
    await aMoment();
    expect(calls).toBe(0);
    expect(manager.ready()).toEqual(["pods in shop not listed yet"]);
    held.resolve();
    await until(() => calls === 1);
    expect(manager.ready()).toEqual([]);
  });

  it("maps children to their owner by a cache index", async () => {
    const owner = put("one");
    const opened = open();
    const pods = opened.manager.watch<KubeObject>({ resource: builtin.Pod, labelSelector: { app: "demo" } });
    const mapToKeys = ({ metadata }: KubeObject) => [
      { namespace: metadata.namespace ?? "", name: metadata.labels?.owner ?? "" },
    ];
    const reconciled: Key[] = [];
    const reconcile = async (key: Key) => {
      reconciled.push(key);
      return {};
    };
    start(opened, reconcile, { watches: [{ watch: pods, mapToKeys }] });
    await until(() => reconciled.length === 1);
    const ownerReferences = [{ apiVersion: "v1", kind: "ConfigMap", name: "one", uid: owner.metadata.uid }];
    const metadata = { namespace: "shop", name: "pod", labels: { app: "demo", owner: "one" }, ownerReferences };
    server().store.put(PODS, { apiVersion: "v1", kind: "Pod", metadata });
    await until(() => reconciled.length === 2);
    expect(pods.byOwner(owner.metadata.uid)).toHaveLength(1);
  });

  it("watches each namespace by itself, or the cluster by one stream", async () => {
    start(open({ namespaces: ["shop", "other"] }), async () => ({}));
    await until(() => server().watches.length === 2);
    expect(
      server()
        .watches.map(({ path }) => path)
        .sort(),
    ).toEqual(["/api/v1/namespaces/other/configmaps", "/api/v1/namespaces/shop/configmaps"]);
    const opened = open({ namespaces: ["*"] });
    start(opened, async () => ({}));
    await until(() => server().watches.length === 3);
    expect(server().watches[2]?.path).toBe(CONFIG_MAPS);
    server().store.put(CONFIG_MAPS, configMap("far", {}, { namespace: "elsewhere" }));
    await until(() => opened.cache.size === 1);
  });

  it("tries a handler that threw again, and counts it", async () => {
    let throws = 2;
    const mapToKeys = ({ metadata }: ConfigMap) => {
      if (throws-- > 0) throw new Error("cannot map");
      return [{ namespace: "shop", name: metadata.name }];
    };
    const opened = open({}, { mapToKeys });
    let calls = 0;
    start(opened, async () => {
      calls += 1;
      return {};
    });
    await until(() => server().watches.length === 1);
    put("one");
    await until(() => calls === 1);
    expect(opened.metrics.render()).toContain('reflector_handler_errors_total{resource="configmaps"} 2');
  });

  it("looks at everything again after the resync time", async () => {
    put("one");
    const opened = open({ resyncMs: 100 });
    let calls = 0;
    start(opened, async () => {
      calls += 1;
      return {};
    });
    await until(() => calls >= 3);
    expect(server().requests).toHaveLength(2);
  });

  it("reconciles on request, for what no watch can see", async () => {
    const seen: string[] = [];
    const { controller } = start(open(), async ({ name }) => {
      seen.push(name);
      return {};
    });
    controller.enqueue({ namespace: "shop", name: "later" }, { afterMs: 50 });
    controller.enqueue({ namespace: "shop", name: "now" });
    await until(() => seen.length === 2);
    expect(seen).toEqual(["now", "later"]);
  });
});

describe("read your writes", () => {
  it("does not reconcile a key from a cache that has not seen its last write", async () => {
    const opened = open();
    const seen: (string | undefined)[] = [];
    const reconcile = async (key: Key, { client, signal }: ReconcileContext) => {
      seen.push(opened.cache.get(key)?.data?.step);
      if (seen.length === 1) {
        server().watches[0]?.mute();
        await client.apply(configMap("one", { step: "written" }), { signal });
        controller.enqueue(key);
      }
      return {};
    };
    const { controller } = start(opened, reconcile);
    await until(() => server().watches.length === 1);
    put("one", { step: "found" });
    await until(() => seen.length === 1);
    await aMoment();
    expect(seen).toEqual(["found"]);
    server().watches[0]?.reset();
    await until(() => seen.length >= 2);
    expect(seen[1]).toBe("written");
  });
});

describe("health", () => {
  it("names the watch that is refused, and why", async () => {
    const refusal = status(403, "Forbidden", "configmaps is forbidden");
    server().fault(() => true, { kind: "status", status: 403, body: refusal }, 1000);
    const opened = open();
    const { manager } = opened;
    expect(manager.ready()).toEqual(["not started"]);
    start(opened, async () => ({}));
    await until(() => manager.ready()[0]?.includes("forbidden") === true);
    expect(manager.ready()[0]).toContain("configmaps in shop not listed yet");
    expect(manager.live()).toEqual([]);
  });

  it("calls a process dead whose reconcile ignores its deadline", async () => {
    put("one");
    const clock = jumpingClock();
    const opened = open({ clock });
    const { manager } = opened;
    const gate = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    start(opened, async () => {
      started.resolve();
      await gate.promise;
      return {};
    });
    await started.promise;
    clock.jump(89_000);
    expect(manager.live()).toEqual([]);
    clock.jump(2000);
    expect(manager.live()[0]).toContain("exceeds its deadline");
    gate.resolve();
  });
});

it("is quiet when nothing happens: after LIST and WATCH no request leaves", async () => {
  put("one");
  let calls = 0;
  start(open(), async () => {
    calls += 1;
    return {};
  });
  await until(() => calls === 1 && server().requests.filter(isWatch).length === 1);
  await aMoment();
  expect(server().requests).toHaveLength(2);
});
