import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../../test/fixtures/clock-fixture.ts";
import { type ConfigMap, configMap } from "../../../test/fixtures/kube-fixture.ts";
import { builtin } from "../../kube/index.ts";
import { createStore } from "../watch/cache.ts";
import { isNewer } from "../watch/versions.ts";
import { createExpectations, type ObservedSource } from "./expectations.ts";

const key = { namespace: "shop", name: "one" };

function open(covers: ObservedSource["covers"] = () => true) {
  const clock = createFakeClock();
  const store = createStore<ConfigMap>();
  let seen: string | undefined = "100";
  const source: ObservedSource = { resource: builtin.ConfigMap, covers, resourceVersion: () => seen, get: store.get };
  const expectations = createExpectations([source], clock);
  const see = (version: string | undefined) => {
    seen = version;
  };
  return { clock, store, expectations, see };
}
const at = (resourceVersion: string, more: object = {}) =>
  configMap("one", {}, { uid: "u1", resourceVersion, ...more });

describe("after a write", () => {
  it("a key waits until the cache reached the version of the write", () => {
    const { expectations, see } = open();
    expectations.wrote("shop/demo", at("105"));
    expect([expectations.behind("shop/demo"), expectations.behind("shop/other")]).toEqual([true, false]);
    see("104");
    expect(expectations.behind("shop/demo")).toBe(true);
    see("105");
    expect(expectations.behind("shop/demo")).toBe(false);
  });

  it("that changed nothing, no reconcile waits", () => {
    const { expectations } = open();
    expectations.wrote("shop/demo", at("90"));
    expect(expectations.behind("shop/demo")).toBe(false);
  });

  it("compares versions as numbers", () => {
    const { expectations, see } = open();
    see("999");
    expectations.wrote("shop/demo", at("1000"));
    expect(expectations.behind("shop/demo")).toBe(true);
  });

  it("waits for the first list of a cache that has none yet only as long as versions can be compared", () => {
    const { expectations, see } = open();
    see(undefined);
    expectations.wrote("shop/demo", at("105"));
    expect(expectations.behind("shop/demo")).toBe(false);
    see("100");
    expectations.wrote("shop/demo", at("not-a-number"));
    expect(expectations.behind("shop/demo")).toBe(false);
  });

  it("of an object no watch would see, no reconcile waits", () => {
    const { expectations } = open(({ metadata }) => metadata.labels?.app === "demo");
    expectations.wrote("shop/demo", at("105"));
    expectations.wrote("shop/demo", { ...at("105"), apiVersion: "apps/v1" });
    expect(expectations.behind("shop/demo")).toBe(false);
    expectations.wrote("shop/demo", at("105", { labels: { app: "demo" } }));
    expect(expectations.behind("shop/demo")).toBe(true);
  });

  it("the wait ends after five minutes, come what may", async () => {
    const { clock, expectations } = open();
    expectations.wrote("shop/demo", at("105"));
    await clock.advance(299_999);
    expect(expectations.behind("shop/demo")).toBe(true);
    await clock.advance(1);
    expect(expectations.behind("shop/demo")).toBe(false);
  });
});

describe("after a delete", () => {
  it("a key waits until the cache no longer shows the object as living", () => {
    const { expectations, store } = open();
    store.set(at("90"));
    expectations.deleted("shop/demo", builtin.ConfigMap, key);
    expect(expectations.behind("shop/demo")).toBe(true);
    store.set(at("106", { deletionTimestamp: "2026-01-01T00:00:00Z" }));
    expect(expectations.behind("shop/demo")).toBe(false);
  });

  it("another object under the same name is not waited for", () => {
    const { expectations, store } = open();
    store.set(at("90"));
    expectations.deleted("shop/demo", builtin.ConfigMap, key);
    store.set(configMap("one", {}, { uid: "u2", resourceVersion: "107" }));
    expect(expectations.behind("shop/demo")).toBe(false);
  });

  it("of what the cache never had, no reconcile waits", () => {
    const { expectations } = open();
    expectations.deleted("shop/demo", builtin.ConfigMap, key);
    expect(expectations.behind("shop/demo")).toBe(false);
  });
});

it("versions compare by value, and not at all when they are no numbers", () => {
  const longer = "9007199254740993";
  expect([isNewer("10", "9"), isNewer("9", "10"), isNewer("9", "9"), isNewer("010", "9")]).toEqual([
    true,
    false,
    false,
    true,
  ]);
  expect(isNewer(longer, "9007199254740992")).toBe(true);
  expect([isNewer("a", "1"), isNewer("1", ""), isNewer(undefined, "1")]).toEqual([undefined, undefined, undefined]);
});
