import { describe, expect, it } from "vitest";
import { type ConfigMap, configMap } from "../../../test/fixtures/kube-fixture.ts";
import { createStore } from "./cache.ts";

const owned = (name: string, ...uids: string[]) =>
  configMap(name, {}, { ownerReferences: uids.map((uid) => ({ apiVersion: "v1", kind: "X", name: "x", uid })) });
const names = (objects: ConfigMap[]) => objects.map(({ metadata }) => metadata.name).sort();

describe("store", () => {
  it("finds objects by owner, also after the owner changed and after they are gone", () => {
    const store = createStore<ConfigMap>();
    store.set(owned("a", "u1"));
    store.set(owned("b", "u1", "u2"));
    expect(names(store.byOwner("u1"))).toEqual(["a", "b"]);
    store.set(owned("a", "u2"));
    expect(names(store.byOwner("u1"))).toEqual(["b"]);
    expect(names(store.byOwner("u2"))).toEqual(["a", "b"]);
    store.remove({ namespace: "shop", name: "b" });
    expect(names(store.byOwner("u1"))).toEqual([]);
  });

  it("finds objects by an index of the consumer's", () => {
    const store = createStore<ConfigMap>({ app: ({ metadata }) => [metadata.labels?.app ?? ""] });
    store.set(configMap("a", {}, { labels: { app: "demo" } }));
    store.set(configMap("b", {}, { labels: { app: "other" } }));
    expect(names(store.byIndex("app", "demo"))).toEqual(["a"]);
    expect(() => store.byIndex("colour", "red")).toThrow("no index colour");
  });

  it("lists one namespace or all", () => {
    const store = createStore<ConfigMap>();
    store.set(configMap("a"));
    store.set(configMap("b", {}, { namespace: "other" }));
    expect(names(store.list("shop"))).toEqual(["a"]);
    expect(names(store.list())).toEqual(["a", "b"]);
    store.remove({ namespace: "other", name: "b" });
    expect(store.list("other")).toEqual([]);
  });

  it("stays whole when an index function throws", () => {
    const app = ({ data }: ConfigMap) => {
      if (data?.bad !== undefined) throw new Error("cannot");
      return [data?.app ?? ""];
    };
    const store = createStore<ConfigMap>({ app });
    store.set(configMap("a", { app: "demo" }));
    expect(() => store.set(configMap("a", { bad: "1" }))).toThrow("cannot");
    expect(names(store.byIndex("app", "demo"))).toEqual(["a"]);
  });
});
