import { describe, expect, it } from "vitest";
import { createFakeClock } from "../../../test/fixtures/clock-fixture.ts";
import { type ConfigMap, configMap, recordingLog } from "../../../test/fixtures/kube-fixture.ts";
import { createKeyMapping, type KeyMappingDeps } from "./change-to-keys.ts";
import type { Change } from "./reflector.ts";

const change = (more: Partial<Change<ConfigMap>> = {}): Change<ConfigMap> => ({
  type: "updated",
  object: configMap("one"),
  initial: false,
  ...more,
});

function open(mapToKeys: KeyMappingDeps<ConfigMap>["mapToKeys"]) {
  const clock = createFakeClock();
  const log = recordingLog();
  const keys: string[] = [];
  let failures = 0;
  const mapping = createKeyMapping<ConfigMap>({
    mapToKeys,
    enqueue: ({ namespace, name }, priority) => void keys.push(`${namespace}/${name} ${priority}`),
    failed: () => void failures++,
    clock,
    log,
    random: () => 0,
  });
  return { clock, mapping, keys, log, failures: () => failures };
}

describe("a handler that throws", () => {
  it("is counted, logged and asked again until it answers", async () => {
    let calls = 0;
    const { clock, mapping, keys, log, failures } = open(() => {
      calls += 1;
      if (calls < 4) throw new Error("not yet");
      return [{ namespace: "shop", name: "demo" }];
    });
    mapping.handle(change());
    expect([failures(), keys.length, log.lines.length]).toEqual([1, 0, 1]);
    await clock.advance(5 + 10 + 20);
    expect(keys).toEqual(["shop/demo 0"]);
    expect(failures()).toBe(3);
    expect(clock.timers).toBe(0);
  });

  it("costs one timer an object, not one a change", () => {
    const { clock, mapping } = open(() => {
      throw new Error("always");
    });
    for (let count = 0; count < 50; count += 1) mapping.handle(change());
    mapping.handle(change({ object: configMap("two") }));
    expect(clock.timers).toBe(2);
    mapping.stop();
    expect(clock.timers).toBe(0);
  });
});

describe("priority", () => {
  const map = open.bind(undefined, ({ metadata }) => [{ namespace: "shop", name: metadata.name }]);

  it("is low for what is not known to have changed, high for a deletion", () => {
    const { mapping, keys } = map();
    mapping.handle(change({ type: "added", initial: true }));
    mapping.handle(change({ type: "resync" }));
    mapping.handle(change({ type: "added" }));
    mapping.handle(change({ object: configMap("one", {}, { deletionTimestamp: "2026-01-01T00:00:00Z" }) }));
    mapping.handle(change({ type: "deleted" }));
    expect(keys).toEqual(["shop/one -100", "shop/one -100", "shop/one 0", "shop/one 10", "shop/one 0"]);
  });

  it("is the handler's if it names one", () => {
    const { mapping, keys } = open(() => [{ namespace: "shop", name: "demo", priority: 7 }]);
    mapping.handle(change());
    expect(keys).toEqual(["shop/demo 7"]);
  });
});
