import { beforeEach, describe, expect, it } from "vitest";
import { aMoment, until, WIDGETS, widget, widgets } from "../../test/fixtures/kube-fixture.ts";
import { isWatch, type SeenRequest } from "../../test/harness/api-server-harness.ts";
import { managerHarness } from "../../test/harness/manager-harness.ts";
import { systemClock } from "./clock.ts";
import type { Key, ReconcileContext } from "./types.ts";

const { open, put, run, server } = managerHarness();

beforeEach(() => server().setServed(WIDGETS, false));

/** A clock on which half a minute passes in a fraction of a second. */
function fastClock(factor: number) {
  const clock = systemClock();
  return { ...clock, after: (ms: number, call: () => void) => clock.after(ms / factor, call) };
}

/** A controller for config maps that also watches widgets, which the server may not have. */
function openWithWidgets(act: (context: ReconcileContext) => Promise<unknown> = async () => {}, factor = 100) {
  const opened = open({ clock: fastClock(factor) });
  const watch = opened.manager.watch({ resource: widgets, optional: true });
  const reconciled: string[] = [];
  opened.add(
    async (key: Key, context) => {
      reconciled.push(key.name);
      await act(context);
      return {};
    },
    { watches: [{ watch, mapToKeys: ({ metadata }) => [{ namespace: "shop", name: `of-${metadata.name}` }] }] },
  );
  run(opened.manager);
  const asked = () => server().requests.filter(({ path }) => path === "/apis/example.dev/v1").length;
  return { ...opened, watch, reconciled, asked };
}

describe("while the API server does not serve an optional resource", () => {
  it("the controllers run without it", async () => {
    put("one");
    const { manager, watch, reconciled } = openWithWidgets();
    await until(() => reconciled.includes("one"));
    expect(watch.isServed()).toBe(false);
    expect(manager.ready()).toEqual([]);
  });

  it("its status, a log line and a metric say so", async () => {
    put("one");
    const { manager, log, metrics, reconciled } = openWithWidgets();
    await until(() => reconciled.includes("one"));
    await until(() => manager.watches().some(({ state }) => state === "notServed"));
    expect(manager.watches()).toContainEqual({
      resource: "widgets.example.dev",
      labelSelector: "",
      state: "notServed",
      objects: 0,
      problem: undefined,
    });
    expect(log.lines.filter(({ message }) => message.includes("does not serve this resource"))).toHaveLength(1);
    expect(metrics.render()).toContain('reflector_resource_served{resource="widgets"} 0');
  });

  it("neither its LIST nor its WATCH is requested", async () => {
    put("one");
    const { reconciled } = openWithWidgets();
    await until(() => reconciled.includes("one"));
    await aMoment();
    expect(server().requests.filter(({ path }) => path.endsWith("/widgets"))).toEqual([]);
  });
});

it("the controllers start although the API server does not say whether it serves an optional resource", async () => {
  server().fault(({ path }) => path === "/apis/example.dev/v1", { kind: "status", status: 500 }, 1000);
  put("one");
  const { watch, log, reconciled } = openWithWidgets();
  await until(() => reconciled.includes("one"));
  expect(watch.isServed()).toBe(false);
  expect(log.lines.filter(({ message }) => message.includes("does not serve this resource"))).toEqual([]);
});

describe("when the API server begins to serve an optional resource", () => {
  it("its objects are picked up, and every primary object is reconciled again", async () => {
    put("one");
    const { watch, reconciled } = openWithWidgets();
    await until(() => reconciled.includes("one"));
    server().setServed(WIDGETS, true);
    server().store.put(WIDGETS, widget("first"));
    await until(() => watch.size === 1);
    await until(() => reconciled.includes("of-first"));
    await until(() => reconciled.filter((name) => name === "one").length >= 2);
    expect(watch.isServed()).toBe(true);
  });

  it("a failed apply makes the manager ask at once instead of after half a minute", async () => {
    put("one");
    let served = false;
    const { watch, asked } = openWithWidgets(async ({ client, signal }) => {
      if (served) return;
      served = true;
      const refusal = client.apply(widget("mine"), { signal });
      await refusal.catch(() => server().setServed(WIDGETS, true));
      await refusal;
    }, 1);
    await until(() => watch.isServed());
    expect(asked()).toBe(2);
  });
});

it("a WATCH that ends with 404 says nothing while a LIST still succeeds, because one replica may lag behind", async () => {
  server().setServed(WIDGETS, true);
  server().store.put(WIDGETS, widget("first"));
  const isWidgetsWatch = (request: SeenRequest) => isWatch(request) && request.path.endsWith("/widgets");
  server().fault(isWidgetsWatch, { kind: "status", status: 404, body: "404 page not found" });
  const { watch, log } = openWithWidgets();
  await until(() => server().watches.some(({ path }) => path.endsWith("/widgets")));
  expect(watch.size).toBe(1);
  expect(log.lines.filter(({ message }) => message.includes("does not serve this resource"))).toEqual([]);
});

describe("when the API server no longer serves an optional resource", () => {
  it("its objects leave the cache, and what depended on them is reconciled", async () => {
    server().setServed(WIDGETS, true);
    server().store.put(WIDGETS, widget("first"));
    const { watch, reconciled } = openWithWidgets();
    await until(() => reconciled.includes("of-first"));
    reconciled.splice(0);
    server().setServed(WIDGETS, false);
    await until(() => !watch.isServed());
    expect(watch.size).toBe(0);
    await until(() => reconciled.includes("of-first"));
  });

  it("the manager asks for it no more often than every half minute", async () => {
    server().setServed(WIDGETS, true);
    const { watch, asked } = openWithWidgets(undefined, 10);
    await until(() =>
      server()
        .requests.filter(isWatch)
        .some(({ path }) => path.endsWith("/widgets")),
    );
    server().setServed(WIDGETS, false);
    await until(() => !watch.isServed());
    const before = server().requests.length;
    await aMoment();
    expect(server().requests.length).toBe(before);
    await until(() => asked() === 2);
  });

  it("it is picked up again when it comes back", async () => {
    server().setServed(WIDGETS, true);
    const { watch } = openWithWidgets();
    await until(() => watch.isServed());
    server().setServed(WIDGETS, false);
    await until(() => !watch.isServed());
    server().setServed(WIDGETS, true);
    server().store.put(WIDGETS, widget("second"));
    await until(() => watch.size === 1);
  });
});
