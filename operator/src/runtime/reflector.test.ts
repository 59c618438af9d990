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
import { isList, isWatch, type StubApiServer, startStubApiServer, status } from "../../test/stub-api-server.ts";
import { builtin, type KubeClient } from "../kube/index.ts";
import { createStore } from "./cache.ts";
import { systemClock } from "./clock.ts";
import { type Change, createReflector, type Reflector, type ReflectorDeps } from "./reflector.ts";

let server: StubApiServer;
let client: KubeClient;
let close: () => Promise<void>;
const stops: AbortController[] = [];
const runs: Promise<void>[] = [];

beforeEach(async () => {
  server = await startStubApiServer();
  ({ client, close } = clientOf(server));
});
afterEach(async () => {
  for (const stop of stops.splice(0)) stop.abort();
  await Promise.all(runs.splice(0));
  await close();
  await server.close();
});

/** A reflector of the stub's config maps with everything it tells. */
function open(deps: Partial<ReflectorDeps<ConfigMap>> = {}) {
  const store = createStore<ConfigMap>();
  const changes: Change<ConfigMap>[] = [];
  const causes: string[] = [];
  const counts = { relisted: 0, stale: 0, failed: 0 };
  const log = recordingLog();
  const reflector = createReflector<ConfigMap>({
    client,
    resource: builtin.ConfigMap,
    store,
    onChange: (change) => void changes.push(change),
    clock: systemClock(),
    log,
    firstRetryMs: 5,
    observer: {
      relisted: () => void counts.relisted++,
      interrupted: (cause) => void causes.push(cause),
      ignoredStale: () => void counts.stale++,
      failedTransform: () => void counts.failed++,
    },
    ...deps,
  });
  const stop = new AbortController();
  stops.push(stop);
  const told = () => changes.map(({ type, object }) => `${type} ${object.metadata.name}`);
  return { reflector, store, changes, causes, counts, log, stop, told };
}

function start(reflector: Reflector, stop: AbortController): Promise<void> {
  const run = reflector.run(stop.signal);
  runs.push(run);
  return run;
}

async function running(deps: Partial<ReflectorDeps<ConfigMap>> = {}) {
  const opened = open(deps);
  start(opened.reflector, opened.stop);
  await until(() => server.watches.length > 0);
  return opened;
}

const put = (name: string, data: Record<string, string> = {}, metadata: object = {}) =>
  server.store.put(CONFIG_MAPS, configMap(name, data, metadata));
const lists = () => server.requests.filter(isList).length;
const watchesAsked = () => server.requests.filter(isWatch);
const lastWatch = () => server.watches.at(-1);

describe("list, then watch", () => {
  it("fills the store and follows what happens", async () => {
    put("one");
    const { store, told } = await running();
    put("two");
    put("one", { a: "1" });
    server.store.remove(CONFIG_MAPS, "shop", "two");
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
    server.setPageLimit(2);
    const { store } = await running({ labelSelector: "app=demo", namespace: "shop" });
    expect(store.list().map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c", "d", "e"]);
    expect(
      server.requests.every(
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

describe("never gives up", () => {
  it("goes on after ECONNRESET, from where it was, without a new LIST", async () => {
    const { told, causes } = await running();
    put("one");
    await until(() => told().length === 1);
    lastWatch()?.reset();
    put("two");
    await until(() => told().length === 2);
    expect(told()).toEqual(["added one", "added two"]);
    expect(lists()).toBe(1);
    expect(watchesAsked()[1]?.query.get("resourceVersion")).toBe("101");
    expect(causes).toEqual(["connection"]);
  });

  it("goes on after a LIST that fails in every way", async () => {
    put("one");
    server.fault(isList, { kind: "status", status: 500 }, 2);
    server.fault(isList, { kind: "truncate" });
    server.fault(isList, { kind: "reset" }, 3);
    server.fault(isList, { kind: "status", status: 403, body: status(403, "Forbidden", "may not") });
    const { store } = await running();
    expect(store.size).toBe(1);
  });

  it("says why it does not get through, and no longer once it does", async () => {
    server.fault(isList, { kind: "status", status: 403, body: status(403, "Forbidden", "may not list") }, 3);
    const { reflector, stop } = open({ firstRetryMs: 30 });
    start(reflector, stop);
    await until(() => reflector.status().problem?.includes("may not list") === true);
    expect(reflector.status().synced).toBe(false);
    await until(() => reflector.status().synced);
    expect(reflector.status().problem).toBeUndefined();
  });

  it("goes on after a stream cut inside an event", async () => {
    const { told, causes } = await running();
    lastWatch()?.write('{"type":"ADDED","object":{"metadata":{"na');
    lastWatch()?.end();
    await until(() => server.watches.length === 2);
    put("one");
    await until(() => told().length === 1);
    expect(causes).toEqual(["truncated"]);
    expect(lists()).toBe(1);
  });

  it("reports an in-stream error that is no 410, and goes on from the same version", async () => {
    const { log, causes, told } = await running();
    lastWatch()?.send({ type: "ERROR", object: status(500, "InternalError", "etcd is away") });
    await until(() => server.watches.length === 2);
    put("one");
    await until(() => told().length === 1);
    expect(causes).toEqual(["refused_500"]);
    expect(
      log.lines.some(({ level, fields }) => level === "warn" && JSON.stringify(fields).includes("etcd is away")),
    ).toBe(true);
    expect(lists()).toBe(1);
  });

  it("waits as long as a 429 asks for, longer than its own delay", async () => {
    const waits: number[] = [];
    const clock = systemClock();
    const after = (ms: number, call: () => void) => {
      waits.push(ms);
      return clock.after(0, call);
    };
    server.fault(isWatch, {
      kind: "status",
      status: 429,
      retryAfter: 17,
      body: status(429, "TooManyRequests", "later"),
    });
    const { causes } = await running({ clock: { ...clock, after } });
    expect(causes).toEqual(["throttled"]);
    expect(waits).toEqual([17_000]);
  });

  it("backs off between attempts that get nowhere, up to a bound, with jitter", async () => {
    const waits: number[] = [];
    const clock = systemClock();
    const after = (ms: number, call: () => void) => {
      waits.push(ms);
      return clock.after(0, call);
    };
    server.fault(isList, { kind: "status", status: 503 }, 9);
    await running({ clock: { ...clock, after }, firstRetryMs: 800, random: () => 0.4 });
    expect(waits).toEqual([720, 1440, 2880, 5760, 11520, 23040, 27000, 27000, 27000]);
  });

  it("does not hammer a server that closes every stream at once", async () => {
    const waits: number[] = [];
    const clock = systemClock();
    const after = (ms: number, call: () => void) => {
      waits.push(ms);
      return clock.after(0, call);
    };
    await running({ clock: { ...clock, after }, firstRetryMs: 800, random: () => 0 });
    for (let count = 1; count <= 3; count += 1) {
      lastWatch()?.end();
      await until(() => server.watches.length === count + 1);
    }
    expect(waits).toEqual([800, 1600, 3200]);
  });
});

describe("quiet and stalled streams", () => {
  it("resumes a quiet watch from its bookmark without a LIST", async () => {
    const { reflector } = await running();
    for (let count = 0; count < 50; count += 1)
      server.store.put("/api/v1/pods", { ...configMap(`p${count}`), kind: "Pod" });
    lastWatch()?.bookmark();
    await until(() => reflector.status().resourceVersion === "150");
    server.store.compact();
    lastWatch()?.end();
    await until(() => server.watches.length === 2);
    expect(watchesAsked()[1]?.query.get("resourceVersion")).toBe("150");
    expect(lists()).toBe(1);
  });

  it("leaves a stream on which no byte comes any more, and finds what it missed", async () => {
    const { told, causes } = await running({ byteDeadlineMs: 80 });
    lastWatch()?.mute();
    put("one");
    await until(() => told().length === 1);
    expect(causes[0]).toBe("stalled");
    expect(lists()).toBe(1);
  });

  it("keeps a stream on which bookmarks come", async () => {
    await running({ byteDeadlineMs: 200 });
    for (let count = 0; count < 8; count += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      lastWatch()?.bookmark();
    }
    expect(server.watches).toHaveLength(1);
  });
});

describe("410", () => {
  it("in the stream leads to a new LIST whose differences are told", async () => {
    put("kept");
    put("changed");
    put("gone");
    const { told, changes, causes } = await running();
    lastWatch()?.mute();
    server.store.remove(CONFIG_MAPS, "shop", "gone");
    put("changed", { a: "1" });
    put("new");
    server.store.compact();
    lastWatch()?.reset();
    await until(() => changes.length === 7);
    expect(told().slice(3).sort()).toEqual(["added new", "deleted gone", "resync kept", "updated changed"]);
    expect(causes).toEqual(["connection", "gone"]);
  });

  it("as the HTTP status does the same", async () => {
    const { counts } = await running();
    server.fault(isWatch, { kind: "status", status: 410, body: status(410, "Gone", "too old") });
    lastWatch()?.end();
    await until(() => counts.relisted === 2);
  });

  it("between two pages starts the LIST again, and the store keeps its content meanwhile", async () => {
    for (const name of ["a", "b", "c"]) put(name);
    const { store, counts, told } = await running();
    server.setPageLimit(2);
    server.fault(
      ({ query }) => query.has("continue"),
      { kind: "status", status: 410, body: status(410, "Expired", "old") },
      2,
    );
    lastWatch()?.mute();
    put("d");
    server.store.compact();
    lastWatch()?.end();
    await until(() => counts.relisted === 2);
    expect(store.size).toBe(4);
    expect(told().filter((line) => line.startsWith("deleted"))).toEqual([]);
  });
});

describe("identity", () => {
  it("tells a deletion and an addition when an object came back under its name between two lists", async () => {
    const first = put("one");
    const { changes, told } = await running();
    lastWatch()?.mute();
    server.store.remove(CONFIG_MAPS, "shop", "one");
    const second = put("one");
    server.store.compact();
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
    server.store.remove(CONFIG_MAPS, "shop", "one");
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
    await expect(reflector.run(stop.signal)).rejects.toThrow("runs already");
    expect(server.watches).toHaveLength(1);
  });

  it("opens no watch when it is stopped during the LIST", async () => {
    const held = Promise.withResolvers<void>();
    server.fault(isList, { kind: "hold", release: held.promise });
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
    server.fault(isWatch, { kind: "status", status: 500 });
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
    await Promise.all(runs);
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
    server.store.remove(CONFIG_MAPS, "shop", "one");
    await until(() => told().includes("deleted one"));
  });

  it("is frozen, so that a consumer cannot change what others see", async () => {
    put("one", { a: "1" });
    const { store } = await running();
    const held = store.get({ namespace: "shop", name: "one" });
    expect(() => Object.assign(held?.data ?? {}, { a: "2" })).toThrow(TypeError);
  });
});
