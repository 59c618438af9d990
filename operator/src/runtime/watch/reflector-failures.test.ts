import { describe, expect, it } from "vitest";
import { CONFIG_MAPS, configMap, until } from "../../../test/fixtures/kube-fixture.ts";
import { isList, isWatch, status } from "../../../test/harness/api-server-harness.ts";
import { reflectorHarness } from "../../../test/harness/reflector-harness.ts";
import { systemClock } from "../clock.ts";

const { lastWatch, lists, open, put, running, server, start, watchesAsked } = reflectorHarness();

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
    server().fault(isList, { kind: "status", status: 500 }, 2);
    server().fault(isList, { kind: "truncate" });
    server().fault(isList, { kind: "reset" }, 3);
    server().fault(isList, { kind: "status", status: 403, body: status(403, "Forbidden", "may not") });
    const { store } = await running();
    expect(store.size).toBe(1);
  });

  it("says why it does not get through, and no longer once it does", async () => {
    server().fault(isList, { kind: "status", status: 403, body: status(403, "Forbidden", "may not list") }, 3);
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
    await until(() => server().watches.length === 2);
    put("one");
    await until(() => told().length === 1);
    expect(causes).toEqual(["truncated"]);
    expect(lists()).toBe(1);
  });

  it("reports an in-stream error that is no 410, and goes on from the same version", async () => {
    const { log, causes, told } = await running();
    lastWatch()?.send({ type: "ERROR", object: status(500, "InternalError", "etcd is away") });
    await until(() => server().watches.length === 2);
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
    server().fault(isWatch, {
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
    server().fault(isList, { kind: "status", status: 503 }, 9);
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
      await until(() => server().watches.length === count + 1);
    }
    expect(waits).toEqual([800, 1600, 3200]);
  });
});

describe("quiet and stalled streams", () => {
  it("resumes a quiet watch from its bookmark without a LIST", async () => {
    const { reflector } = await running();
    for (let count = 0; count < 50; count += 1)
      server().store.put("/api/v1/pods", { ...configMap(`p${count}`), kind: "Pod" });
    lastWatch()?.bookmark();
    await until(() => reflector.status().resourceVersion === "150");
    server().store.compact();
    lastWatch()?.end();
    await until(() => server().watches.length === 2);
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
    expect(server().watches).toHaveLength(1);
  });
});

describe("410", () => {
  it("in the stream leads to a new LIST, and its differences are reported", async () => {
    put("kept");
    put("changed");
    put("gone");
    const { told, changes, causes } = await running();
    lastWatch()?.mute();
    server().store.remove(CONFIG_MAPS, "shop", "gone");
    put("changed", { a: "1" });
    put("new");
    server().store.compact();
    lastWatch()?.reset();
    await until(() => changes.length === 7);
    expect(told().slice(3).sort()).toEqual(["added new", "deleted gone", "resync kept", "updated changed"]);
    expect(causes).toEqual(["connection", "gone"]);
  });

  it("as the HTTP status does the same", async () => {
    const { counts } = await running();
    server().fault(isWatch, { kind: "status", status: 410, body: status(410, "Gone", "too old") });
    lastWatch()?.end();
    await until(() => counts.relisted === 2);
  });

  it("between two pages starts the LIST again, and the store keeps its content meanwhile", async () => {
    for (const name of ["a", "b", "c"]) put(name);
    const { store, counts, told } = await running();
    server().setPageLimit(2);
    server().fault(
      ({ query }) => query.has("continue"),
      { kind: "status", status: 410, body: status(410, "Expired", "old") },
      2,
    );
    lastWatch()?.mute();
    put("d");
    server().store.compact();
    lastWatch()?.end();
    await until(() => counts.relisted === 2);
    expect(store.size).toBe(4);
    expect(told().filter((line) => line.startsWith("deleted"))).toEqual([]);
  });
});
