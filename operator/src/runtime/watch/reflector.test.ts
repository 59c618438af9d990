import { describe, expect, it } from "vitest";
import { aMoment, CONFIG_MAPS, type ConfigMap, until } from "../../../test/fixtures/kube-fixture.ts";
import { isList, isWatch } from "../../../test/harness/api-server-harness.ts";
import { reflectorHarness } from "../../../test/harness/reflector-harness.ts";

const { ended, lastWatch, lists, open, put, running, server, start, watchesAsked } = reflectorHarness();

describe("list, then watch", () => {
  it("fills the store and follows what happens", async () => {
    put("one");
    const { store, told } = await running();
    put("two");
    put("one", { a: "1" });
    server().store.remove(CONFIG_MAPS, "shop", "two");
    await until(() => told().length === 4);
    expect(told()).toEqual(["added one", "added two", "updated one", "deleted two"]);
    expect(store.get({ namespace: "shop", name: "one" })?.data).toEqual({ a: "1" });
    expect(store.size).toBe(1);
  });

  it("gives the previous state with an update", async () => {
    put("one", { a: "1" });
    const { changes } = await running();
    put("one", { a: "2" });
    await until(() => changes.length === 2);
    expect([changes[1]?.old?.data, changes[1]?.object.data]).toEqual([{ a: "1" }, { a: "2" }]);
  });

  it("pages the LIST, and applies the selector to LIST and WATCH alike", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) put(name, {}, { labels: { app: "demo" } });
    put("foreign", {}, { labels: { app: "other" } });
    server().setPageLimit(2);
    const { store } = await running({ labelSelector: "app=demo", namespace: "shop" });
    expect(store.list().map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c", "d", "e"]);
    expect(
      server().requests.every(
        ({ query, path }) => query.get("labelSelector") === "app=demo" && path.includes("/namespaces/shop/"),
      ),
    ).toBe(true);
    expect(lists()).toBe(3);
  });

  it("asks for bookmarks and for streams of five to ten minutes", async () => {
    await running();
    const query = watchesAsked()[0]?.query;
    expect(query?.get("allowWatchBookmarks")).toBe("true");
    expect(Number(query?.get("timeoutSeconds"))).toBeGreaterThanOrEqual(300);
    expect(Number(query?.get("timeoutSeconds"))).toBeLessThan(600);
  });

  it("has synced only when the first list went through the handler", async () => {
    put("one");
    let syncedInHandler: boolean | undefined;
    const opened = open({
      onChange: () => {
        syncedInHandler = opened.reflector.status().synced;
      },
    });
    start(opened.reflector, opened.stop);
    await opened.reflector.synced;
    expect(syncedInHandler).toBe(false);
    expect(opened.reflector.status().synced).toBe(true);
  });
});

describe("identity", () => {
  it("tells a deletion and an addition when an object came back under its name between two lists", async () => {
    const first = put("one");
    const { changes, told } = await running();
    lastWatch()?.mute();
    server().store.remove(CONFIG_MAPS, "shop", "one");
    const second = put("one");
    server().store.compact();
    lastWatch()?.reset();
    await until(() => changes.length === 3);
    expect(told()).toEqual(["added one", "deleted one", "added one"]);
    expect(changes[1]?.object.metadata.uid).toBe(first.metadata.uid);
    expect(changes[2]?.object.metadata.uid).toBe(second.metadata.uid);
  });

  it("tells the same when the deletion was never seen on the stream", async () => {
    const first = put("one");
    const { changes, told } = await running();
    lastWatch()?.send({
      type: "ADDED",
      object: { ...first, metadata: { ...first.metadata, uid: "other", resourceVersion: "900" } },
    });
    await until(() => changes.length === 3);
    expect(told()).toEqual(["added one", "deleted one", "added one"]);
  });

  it("does not go back in time when events are repeated or come late", async () => {
    const old = put("one", { a: "1" });
    const { store, counts, changes } = await running();
    put("one", { a: "2" });
    server().store.remove(CONFIG_MAPS, "shop", "one");
    await until(() => changes.length === 3);
    lastWatch()?.send({ type: "MODIFIED", object: old });
    lastWatch()?.send({ type: "ADDED", object: old });
    await until(() => counts.stale === 2);
    expect(store.size).toBe(0);
    expect(changes).toHaveLength(3);
  });
});

describe("one loop", () => {
  it("refuses to run twice", async () => {
    const { reflector, stop } = await running();
    await expect(reflector.run(stop.signal)).rejects.toThrow("already runs");
    expect(server().watches).toHaveLength(1);
  });

  it("opens no watch when it is stopped during the LIST", async () => {
    const held = Promise.withResolvers<void>();
    server().fault(isList, { kind: "hold", release: held.promise });
    const { reflector, stop } = open();
    const run = start(reflector, stop);
    await until(() => lists() === 1);
    stop.abort();
    held.resolve();
    await run;
    await aMoment();
    expect(watchesAsked()).toHaveLength(0);
  });

  it("opens no watch when it is stopped between LIST and WATCH", async () => {
    const opened = open({ onChange: () => opened.stop.abort() });
    put("one");
    await start(opened.reflector, opened.stop);
    await aMoment();
    expect(watchesAsked()).toHaveLength(0);
  });

  it("opens no watch when it is stopped while it waits to try again", async () => {
    server().fault(isWatch, { kind: "status", status: 500 });
    const { reflector, stop, causes } = open({ firstRetryMs: 60_000 });
    const run = start(reflector, stop);
    await until(() => causes.length === 1);
    stop.abort();
    await run;
    expect(watchesAsked()).toHaveLength(1);
  });

  it("ends its stream when it is stopped, without an error", async () => {
    const { stop, log } = await running();
    stop.abort();
    await ended();
    await until(() => lastWatch()?.open === false);
    expect(log.lines).toEqual([]);
  });
});

describe("what is kept", () => {
  it("goes through the transform before it is stored, from LIST and from WATCH", async () => {
    const transform = ({ data: _values, ...rest }: ConfigMap): ConfigMap => rest;
    put("listed", { password: "hunter2" });
    const { store, changes } = await running({ transform });
    put("watched", { password: "hunter2" });
    put("listed", { password: "hunter3" });
    await until(() => changes.length === 3);
    expect(JSON.stringify([store.list(), changes])).not.toContain("hunter");
  });

  it("has neither managedFields nor the last-applied annotation", async () => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{}", mine: "kept" };
    put("one", {}, { managedFields: [{ manager: "x" }], annotations });
    const { store } = await running();
    const metadata = store.get({ namespace: "shop", name: "one" })?.metadata;
    expect(metadata?.managedFields).toBeUndefined();
    expect(metadata?.annotations).toEqual({ mine: "kept" });
  });

  it("is the previous state when the transform throws, which is counted and stops nothing", async () => {
    const transform = (object: ConfigMap): ConfigMap => {
      if (object.data?.bad !== undefined) throw new Error("cannot");
      return object;
    };
    put("one", { a: "1" });
    const { store, counts, told } = await running({ transform });
    put("one", { bad: "1" });
    put("two");
    await until(() => told().includes("added two"));
    expect(counts.failed).toBe(1);
    expect(store.get({ namespace: "shop", name: "one" })?.data).toEqual({ a: "1" });
    server().store.remove(CONFIG_MAPS, "shop", "one");
    await until(() => told().includes("deleted one"));
  });

  it("is frozen, so that a consumer cannot change what others see", async () => {
    put("one", { a: "1" });
    const { store } = await running();
    const held = store.get({ namespace: "shop", name: "one" });
    expect(() => Object.assign(held?.data ?? {}, { a: "2" })).toThrow(TypeError);
  });
});
