import { describe, expect, it } from "vitest";
import { CONFIG_MAPS, configMap, until } from "../../test/fixtures/kube-fixture.ts";
import { isList } from "../../test/harness/api-server-harness.ts";
import { managerHarness } from "../../test/harness/manager-harness.ts";
import { builtin } from "../kube/index.ts";
import { nameOf } from "./keys.ts";
import type { Key, Manager, ReconcileContext } from "./types.ts";

const PODS = "/api/v1/pods";
const { election, openEmpty, put, run, server } = managerHarness();

function putPod(name: string): void {
  server().store.put(PODS, { apiVersion: "v1", kind: "Pod", metadata: { namespace: "shop", name } });
}

/** Adds a controller that notes what it reconciles. */
function addNoting(manager: Manager, name: string, resource: (typeof builtin)[keyof typeof builtin], notes: string[]) {
  const reconcile = async (key: Key) => {
    notes.push(`${name}: ${key.kind} ${key.namespace}/${key.name}`);
    return {};
  };
  return manager.add({ name, primary: { watch: manager.watch({ resource }) }, reconcile });
}

describe("several controllers", () => {
  it("reconcile objects of the same namespace and name separately", async () => {
    put("demo");
    putPod("demo");
    const { manager } = openEmpty();
    const notes: string[] = [];
    addNoting(manager, "maps", builtin.ConfigMap, notes);
    addNoting(manager, "pods", builtin.Pod, notes);
    run(manager);
    await until(() => notes.length === 2);
    expect(notes.sort()).toEqual(["maps: ConfigMap shop/demo", "pods: Pod shop/demo"]);
  });

  it("use one stream for a resource that several of them watch", async () => {
    const owner = put("owner");
    const { manager } = openEmpty();
    const maps = manager.watch({ resource: builtin.ConfigMap });
    const notes: string[] = [];
    addNoting(manager, "maps", builtin.ConfigMap, notes);
    manager.add({
      name: "pods",
      primary: { watch: manager.watch({ resource: builtin.Pod }) },
      watches: [{ watch: maps, mapToKeys: (map) => [nameOf(map)] }],
      async reconcile(key) {
        notes.push(`pods: ${key.kind} ${key.name}`);
        return {};
      },
    });
    run(manager);
    await until(() => notes.length === 2);
    expect(notes.sort()).toEqual([`maps: ConfigMap shop/${owner.metadata.name}`, "pods: Pod owner"]);
    expect(server().requests.filter(isList)).toHaveLength(2);
  });

  it("have metrics of their own", async () => {
    const { manager, metrics } = openEmpty();
    const notes: string[] = [];
    addNoting(manager, "maps", builtin.ConfigMap, notes);
    addNoting(manager, "pods", builtin.Pod, notes);
    put("demo");
    run(manager);
    await until(() => notes.length === 1);
    await until(() =>
      metrics.render().includes('controller_runtime_reconcile_total{controller="maps",result="success"} 1'),
    );
    expect(metrics.render()).toContain('controller_runtime_reconcile_total{controller="pods",result="success"} 0');
  });

  it("do not wait for each other's failures or writes", async () => {
    put("demo");
    putPod("demo");
    const { manager } = openEmpty();
    const maps = manager.watch({ resource: builtin.ConfigMap });
    let calls = 0;
    const controller = manager.add({
      name: "maps",
      primary: { watch: maps },
      async reconcile() {
        calls += 1;
        return {};
      },
    });
    manager.add({
      name: "pods",
      primary: { watch: manager.watch({ resource: builtin.Pod }) },
      async reconcile(_key: Key, { client, signal }: ReconcileContext) {
        for (const watch of server().watches) watch.mute();
        await client.apply(configMap("written", { by: "pods" }), { signal });
        controller.enqueue({ namespace: "shop", name: "demo" });
        throw new Error("broken");
      },
    });
    run(manager);
    await until(() => calls >= 2);
  });

  it("start, drain and stop together", async () => {
    put("demo");
    putPod("demo");
    const { manager } = openEmpty(election("one"));
    const gate = Promise.withResolvers<void>();
    const finished: string[] = [];
    let running = 0;
    for (const resource of [builtin.ConfigMap, builtin.Pod]) {
      manager.add({
        name: resource.plural,
        primary: { watch: manager.watch({ resource }) },
        async reconcile() {
          running += 1;
          await gate.promise;
          finished.push(resource.plural);
          return {};
        },
      });
    }
    const { stop, outcome } = run(manager);
    await until(() => running === 2);
    stop.abort();
    gate.resolve();
    expect(await outcome).toBe("ended");
    expect(finished.sort()).toEqual(["configmaps", "pods"]);
  });
});

describe("the progress of an object", () => {
  it("decides which of the waiting objects a controller reconciles first", async () => {
    for (const name of ["begun", "half", "nearly"]) put(name);
    const { manager } = openEmpty();
    const notes: string[] = [];
    manager.add({
      name: "maps",
      primary: { watch: manager.watch({ resource: builtin.ConfigMap }) },
      concurrency: 1,
      progress: ({ name }) => ({ half: 0.5, nearly: 0.9 })[name] ?? 0,
      async reconcile({ name }) {
        notes.push(name);
        return {};
      },
    });
    run(manager);
    await until(() => notes.length === 3);
    expect(notes).toEqual(["nearly", "half", "begun"]);
  });

  it("is asked for objects of the primary's kind alone", async () => {
    const { manager } = openEmpty();
    const asked: string[] = [];
    const reconciled: string[] = [];
    const controller = manager.add({
      name: "maps",
      primary: { watch: manager.watch({ resource: builtin.ConfigMap }) },
      progress({ name }) {
        asked.push(name);
        return 0;
      },
      async reconcile({ name }) {
        reconciled.push(name);
        return {};
      },
    });
    controller.enqueue({ kind: "Pod", namespace: "shop", name: "pod" });
    controller.enqueue({ namespace: "shop", name: "map" });
    run(manager);
    await until(() => reconciled.length === 2);
    expect(asked).toEqual(["map"]);
  });
});

describe("a declaration", () => {
  it("is refused when another controller has the name", () => {
    const { manager } = openEmpty();
    addNoting(manager, "maps", builtin.ConfigMap, []);
    expect(() => addNoting(manager, "maps", builtin.Pod, [])).toThrow("already a controller maps");
  });

  it("is refused when the same objects are watched with another transform", () => {
    const { manager } = openEmpty();
    manager.watch({ resource: builtin.ConfigMap });
    expect(() => manager.watch({ resource: builtin.ConfigMap, transform: (map) => map })).toThrow("share one watch");
  });

  it("is refused once the manager runs", () => {
    const { manager } = openEmpty();
    run(manager);
    expect(() => manager.watch({ resource: builtin.ConfigMap })).toThrow("before the manager runs");
  });

  it("adds its indexes to a watch that exists", async () => {
    const { manager } = openEmpty();
    const maps = manager.watch({ resource: builtin.ConfigMap });
    manager.watch({ resource: builtin.ConfigMap, indexes: { name: ({ metadata }) => [metadata.name] } });
    addNoting(manager, "maps", builtin.ConfigMap, []);
    run(manager);
    server().store.put(CONFIG_MAPS, configMap("found"));
    await until(() => maps.byIndex("name", "found").length === 1);
  });
});
