import { beforeEach, describe, expect, it } from "vitest";
import { assistant, desiredInput } from "../../../test/fixtures/assistant-fixture.ts";
import { isWorkload } from "../../kinds/index.ts";
import type { KubeObject } from "../../kube/index.ts";
import type { Manager, WatchOptions } from "../../runtime/index.ts";
import { createStore, type Store } from "../../runtime/watch/cache.ts";
import { allChildren, children, missingData } from "../desired/index.ts";
import { createCaches } from "./caches.ts";
import { fingerprintOf, ownedChildren } from "./snapshot.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const KEY = { namespace: "team", name: "demo" };

let stores: Map<string, Store<KubeObject>>;
let caches: ReturnType<typeof createCaches>;

/** Puts an object into the cache of its kind, as a watch does. */
function put(object: KubeObject): void {
  stores.get(object.kind)?.set(object);
}

beforeEach(() => {
  stores = new Map();
  const watch = ({ resource, indexes }: WatchOptions<KubeObject>) => {
    const store = createStore<KubeObject>(indexes);
    stores.set(resource.kind, store);
    return store;
  };
  caches = createCaches({ watch } as unknown as Manager, Buffer.from("key"));
});

describe("a snapshot", () => {
  const api = children(desiredInput()).servers.api!;

  it("is undefined when the resource is gone", () => {
    expect(caches.snapshot(KEY, undefined, NOW)).toBeUndefined();
  });

  it("stays as it was when the caches change", () => {
    put(assistant());
    put(api as KubeObject);
    const before = caches.snapshot(KEY, undefined, NOW)!;
    stores.get("Deployment")?.remove({ namespace: "team", name: "demo-api" });
    put({ apiVersion: "v1", kind: "Secret", metadata: { namespace: "team", name: "demo-auth" } });
    expect([...before.children.keys()]).toEqual(["Deployment/demo-api"]);
    expect(before.secrets.size).toBe(0);
    const after = caches.snapshot(KEY, undefined, NOW)!;
    expect(after.children.size).toBe(0);
    expect([...after.secrets.keys()]).toEqual(["demo-auth"]);
  });

  it("has a foreign object that has the name of a child, but does not count it as owned", () => {
    put(assistant());
    put({ apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: "team", name: "demo-api" } });
    const snapshot = caches.snapshot(KEY, undefined, NOW)!;
    expect([...snapshot.children.keys()]).toEqual(["ServiceAccount/demo-api"]);
    expect(ownedChildren(snapshot)).toEqual([]);
  });

  it("has a child of the resource that lost its labels", () => {
    put(assistant());
    put({ ...api, metadata: { ...api.metadata, name: "renamed", labels: {} } } as KubeObject);
    expect(ownedChildren(caches.snapshot(KEY, undefined, NOW)!)).toHaveLength(1);
  });

  it("leaves out a volume claim of the assistant's name if its database mode has no volume", () => {
    put({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { namespace: "team", name: "demo-db-data" } });
    put(assistant());
    expect([...caches.snapshot(KEY, undefined, NOW)!.children.keys()]).toEqual(["PersistentVolumeClaim/demo-db-data"]);
    const database = { mode: "External", external: { secretRef: { name: "pg" } } };
    put(assistant({ model: { provider: "Demo" }, database }));
    expect(caches.snapshot(KEY, undefined, NOW)!.children.size).toBe(0);
  });

  it.each([
    ["the demo model", { model: { provider: "Demo" } }],
    [
      "Secrets and ConfigMaps of the user wherever the spec can name one",
      {
        model: { provider: "OpenAICompatible", name: "m", apiKeySecretRef: { name: "llm", key: "k" } },
        auth: { secretRef: { name: "mine" }, initialUser: { secretRef: { name: "first" } } },
        api: {
          env: [
            { name: "X", valueFrom: { secretKeyRef: { name: "extra", key: "x" } } },
            { name: "Y", valueFrom: { configMapKeyRef: { name: "extra", key: "x" } } },
          ],
        },
        database: {
          mode: "External",
          external: { secretRef: { name: "pg" }, caBundleRef: { name: "ca", key: "pem" }, sslMode: "verify-full" },
        },
      },
    ],
  ])("has every Secret and ConfigMap that the pods use, with %s", (_what, spec) => {
    const endpoint = { host: "pg.example.com", port: 5432, database: "tasks" };
    const workloads = allChildren(children(desiredInput(spec, { externalEndpoint: endpoint }))).filter(isWorkload);
    const used = workloads.flatMap((child) => missingData(child, () => undefined));
    expect(used.length).toBeGreaterThan(5);
    put(assistant(spec));
    for (const { kind, name } of used) {
      const ofObject = used.filter((each) => each.kind === kind && each.name === name);
      const keys = ofObject.map(({ key }) => [key, "fingerprint"] as const);
      put({
        apiVersion: "v1",
        kind,
        metadata: { namespace: "team", name },
        fingerprints: Object.fromEntries(keys),
      } as KubeObject);
    }
    const snapshot = caches.snapshot(KEY, undefined, NOW)!;
    expect(used.filter((key) => fingerprintOf(snapshot, key) === undefined)).toEqual([]);
  });
});

describe("a change is looked at by the assistants that it concerns", () => {
  /** The assistants that look, in order. */
  function concerned(object: KubeObject, old?: KubeObject): string[] {
    const source = caches.watches.find(({ watch }) => Object.is(watch, stores.get(object.kind)));
    const keys = source?.mapToKeys(object, old, old === undefined ? "added" : "updated") ?? [];
    return keys.map(({ namespace, name }) => `${namespace}/${name}`);
  }
  const object = (kind: string, name: string, more: object = {}) =>
    ({ apiVersion: "v1", kind, metadata: { namespace: "team", name }, ...more }) as KubeObject;
  beforeEach(() => put(assistant({ model: { provider: "Demo" }, auth: { secretRef: { name: "mine" } } })));

  it("when the API server refuses a pod of a child, once for the same words", () => {
    const { database } = children(desiredInput());
    put({ ...database, metadata: { ...database?.metadata, uid: "u1" } } as KubeObject);
    const refusal = (note: string, name = "demo-db") =>
      object("Event", "e1", { regarding: { kind: "StatefulSet", name, uid: "u1" }, note, at: "" });
    const first = refusal("exceeded quota: small");
    expect(concerned(first)).toEqual(["team/demo"]);
    expect(concerned(refusal("exceeded quota: small"), first)).toEqual([]);
    expect(concerned(refusal("exceeded quota: large"), first)).toEqual(["team/demo"]);
    expect(concerned(refusal("exceeded quota: small", "shop"))).toEqual([]);
  });

  it.each([
    ["the Secret that it was made for", object("Secret", "demo-auth"), ["team/demo"]],
    ["a Secret that its spec names", object("Secret", "mine"), ["team/demo"]],
    ["a Secret of nobody", object("Secret", "shop"), []],
    ["its data volume, though it has no label", object("PersistentVolumeClaim", "demo-db-data"), ["team/demo"]],
    ["the volume of an assistant that is gone", object("PersistentVolumeClaim", "gone-db-data"), []],
  ])("%s", (_what, changed, keys) => {
    expect(concerned(changed)).toEqual(keys);
  });
});
