import { expect, it } from "vitest";
import { createFakeClock } from "../../../test/fixtures/clock-fixture.ts";
import { recordingLog } from "../../../test/fixtures/kube-fixture.ts";
import { createEventWrites } from "./event-writes.ts";
import { createMetricsRegistry } from "./metrics.ts";

it("a repeat that waits already takes no further room in a full queue", () => {
  const metrics = createMetricsRegistry();
  const writes = createEventWrites({ clock: createFakeClock(), log: recordingLog(), metrics });
  const send = () => new Promise<never>(() => {});
  // Four are in flight and 5,000 wait.
  for (let index = 0; index < 5003; index += 1) writes.add({ id: `new-${index}`, kind: "transition", send });
  for (let times = 0; times < 3; times += 1) writes.add({ id: "again", kind: "repeat", send });
  expect(metrics.render()).toContain('events_dropped_total{cause="queue_full"} 0');
  writes.add({ id: "one-too-many", kind: "repeat", send });
  expect(metrics.render()).toContain('events_dropped_total{cause="queue_full"} 1');
});
