import { describe, expect, it } from "vitest";
import { aMoment, CONFIG_MAPS, configMap, until } from "../../test/fixtures/kube-fixture.ts";
import { isList, isWatch, status } from "../../test/harness/api-server-harness.ts";
import { managerHarness } from "../../test/harness/manager-harness.ts";
import type { ManagerDeps } from "./manager.ts";

const LEASES = "/apis/coordination.k8s.io/v1/leases";
const { open, server, start } = managerHarness();
const putIn = (namespace: string, name: string) => server().store.put(CONFIG_MAPS, configMap(name, {}, { namespace }));

/** A manager that notes what it reconciles. */
function reconciling(deps: Partial<ManagerDeps>) {
  const opened = open(deps);
  const seen: string[] = [];
  const { stop, outcome } = start(opened, async (key, { client, signal }) => {
    seen.push(`${key.namespace}/${key.name}`);
    await client.apply(configMap(key.name, { touched: "yes" }, { namespace: key.namespace }), { signal });
    return {};
  });
  return { ...opened, seen, stop, outcome };
}

/** The server refuses the next lists and watches in a namespace. */
function refuse(namespace: string, times: number, code = 403): void {
  const body = status(code, "Forbidden", "configmaps is forbidden");
  const matches = (request: Parameters<typeof isList>[0]) =>
    request.path.includes(`/namespaces/${namespace}/`) && (isList(request) || isWatch(request));
  server().fault(matches, { kind: "status", status: code, body }, times);
}

describe("a namespace that the server refuses to list", () => {
  it("is named in the notes, the log and a metric while the others are served, and is picked up when it returns", async () => {
    putIn("shop", "one");
    putIn("lost", "two");
    refuse("lost", 1000);
    const { manager, metrics, log, seen } = reconciling({ namespaces: ["shop", "lost"] });
    await until(() => seen.includes("shop/one"));
    expect(manager.ready()).toEqual([]);
    expect(manager.notes()).toEqual([expect.stringMatching(/^namespace lost can't be read: .*forbidden/)]);
    const lines = log.lines.filter(({ message }) => message === "nothing is done in this namespace");
    expect(lines).toMatchObject([{ level: "warn", fields: { namespace: "lost" } }]);
    expect(metrics.render()).toContain('watched_namespace_served{namespace="lost"} 0');
    expect(metrics.render()).toContain('watched_namespace_served{namespace="shop"} 1');
    expect(seen.filter((key) => key.startsWith("lost"))).toEqual([]);
    server().clearFaults();
    await until(() => seen.includes("lost/two"), "the namespace is picked up", 40_000);
    expect(manager.notes()).toEqual([]);
    expect(metrics.render()).toContain('watched_namespace_served{namespace="lost"} 1');
  }, 60_000);

  it("after it was served stops being reconciled, and is listed again when it returns", async () => {
    putIn("shop", "one");
    putIn("lost", "two");
    const { seen, manager, controller } = (() => {
      const opened = open({ namespaces: ["shop", "lost"] });
      const names: string[] = [];
      const { controller: handle } = start(opened, async (key) => {
        names.push(`${key.namespace}/${key.name}`);
        return {};
      });
      return { ...opened, seen: names, controller: handle };
    })();
    await until(() => seen.includes("lost/two") && seen.includes("shop/one"));
    refuse("lost", 1000);
    for (const watch of server().watches) if (watch.path.includes("/lost/")) watch.end();
    await until(() => manager.notes().length === 1);
    const before = seen.length;
    controller.enqueue({ namespace: "lost", name: "two" });
    controller.enqueue({ namespace: "shop", name: "one" });
    await until(() => seen.length > before);
    await aMoment();
    expect(seen.slice(before)).toEqual(["shop/one"]);
    putIn("lost", "three");
    server().clearFaults();
    await until(() => seen.includes("lost/three"), "what changed meanwhile", 40_000);
  }, 60_000);

  it("makes the process not ready if there is no other", async () => {
    refuse("lost", 1000);
    const { manager } = reconciling({ namespaces: ["lost"] });
    await until(() => manager.ready()[0]?.includes("forbidden") === true);
  });
});

describe("two installations that watch the same namespace", () => {
  const leases = (installation: string): Partial<ManagerDeps> => ({
    namespaces: ["shop"],
    namespaceLeases: {
      name: "territory",
      installation,
      identity: "pod",
      timing: { leaseDurationMs: 3000, renewDeadlineMs: 2000, retryPeriodMs: 100 },
    },
  });

  it("never work in it together: the second says so, and takes over when the first is gone", async () => {
    putIn("shop", "one");
    const told: string[] = [];
    const first = reconciling(leases("blue"));
    await until(() => first.seen.length > 0);
    const second = reconciling({
      ...leases("green"),
      namespaceChanged: (namespace, unserved) => void told.push(`${namespace}: ${unserved?.cause ?? "served"}`),
    });
    await until(() => second.manager.notes().length > 0);
    expect(second.manager.notes()).toEqual(["namespace shop is served by the operator in namespace blue"]);
    expect(second.manager.ready()).toEqual([]);
    expect(told).toContain("shop: held");
    putIn("shop", "two");
    await until(() => first.seen.includes("shop/two"));
    await aMoment();
    expect(second.seen).toEqual([]);
    first.stop.abort();
    expect(await first.outcome).toBe("ended");
    await until(() => second.seen.includes("shop/one") && second.seen.includes("shop/two"));
    expect(told.at(-1)).toBe("shop: served");
  });

  it("are told apart from two processes of one installation, of which the new one goes on at once", async () => {
    putIn("shop", "one");
    const metadata = { namespace: "shop", name: "territory" };
    const spec = { holderIdentity: "blue/a-pod-that-died", leaseDurationSeconds: 3600 };
    server().store.put(LEASES, { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec } as never);
    const { seen } = reconciling(leases("blue"));
    await until(() => seen.length > 0);
  });

  it("stop at once where another one took the lease, and go on elsewhere", async () => {
    putIn("shop", "one");
    putIn("other", "two");
    const { seen, manager } = reconciling({ ...leases("blue"), namespaces: ["shop", "other"] });
    await until(() => seen.includes("shop/one") && seen.includes("other/two"));
    const lease = server().store.get(LEASES, "shop", "territory");
    server().store.put(LEASES, { ...lease, spec: { holderIdentity: "green/x", leaseDurationSeconds: 3600 } } as never);
    await until(() => manager.notes().length > 0);
    const before = seen.length;
    putIn("shop", "three");
    putIn("other", "four");
    await until(() => seen.includes("other/four"));
    await aMoment();
    expect(seen.slice(before).filter((key) => key.startsWith("shop/"))).toEqual([]);
  });

  it("compete in the whole cluster only for namespaces with objects", async () => {
    putIn("shop", "one");
    const { seen } = reconciling({ ...leases("blue"), namespaces: ["*"] });
    await until(() => seen.includes("shop/one"));
    expect(server().store.get(LEASES, "shop", "territory")).toBeDefined();
    putIn("late", "two");
    await until(() => seen.includes("late/two"));
    server().store.remove(CONFIG_MAPS, "late", "two");
    const holder = () =>
      (server().store.get(LEASES, "late", "territory") as { spec?: { holderIdentity?: string } } | undefined)?.spec
        ?.holderIdentity;
    await until(() => holder() === "");
  });
});
