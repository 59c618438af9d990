import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../../../test/fixtures/clock-fixture.ts";
import { aMoment, clientOf, configMap, never, recordingLog, until } from "../../../test/fixtures/kube-fixture.ts";
import { type StubApiServer, startStubApiServer } from "../../../test/harness/api-server-harness.ts";
import type { RawObject } from "../../kube/index.ts";
import { createEventRecorder, type EventNote, type EventRecorder } from "./events.ts";
import { createMetricsRegistry, type MetricsRegistry } from "./metrics.ts";

const EVENTS = "/apis/events.k8s.io/v1/events";
let server: StubApiServer;
let close: () => Promise<void>;
let clock: FakeClock;
let recorder: EventRecorder;
let log: ReturnType<typeof recordingLog>;
let metrics: MetricsRegistry;

beforeEach(async () => {
  server = await startStubApiServer();
  const opened = clientOf(server);
  close = opened.close;
  clock = createFakeClock(Date.UTC(2026, 0, 2));
  log = recordingLog();
  metrics = createMetricsRegistry();
  recorder = createEventRecorder({
    client: opened.client,
    controller: "example.dev/operator",
    instance: "operator-abc",
    clock,
    log,
    metrics,
  });
});
afterEach(async () => {
  await close();
  await server.close();
});

const regarding = configMap("demo", {}, { uid: "u1", resourceVersion: "7" });
const note = (more: Partial<EventNote> = {}): EventNote => ({
  regarding,
  type: "Normal",
  reason: "Created",
  action: "Create",
  note: "created",
  ...more,
});
const stored = () => server.store.list(EVENTS) as unknown as (RawObject & { series?: { count: number } })[];

describe("an event", () => {
  it("has what events.k8s.io/v1 demands", async () => {
    recorder.record(note());
    await until(() => stored().length === 1);
    expect(stored()[0]).toMatchObject({
      eventTime: "2026-01-02T00:00:00.000000Z",
      metadata: { namespace: "shop" },
      regarding: {
        apiVersion: "v1",
        kind: "ConfigMap",
        namespace: "shop",
        name: "demo",
        uid: "u1",
        resourceVersion: "7",
      },
      type: "Normal",
      reason: "Created",
      action: "Create",
      note: "created",
      reportingController: "example.dev/operator",
      reportingInstance: "operator-abc",
    });
  });

  it("of a cluster-scoped object goes to the default namespace", async () => {
    recorder.record(note({ regarding: { apiVersion: "v1", kind: "Node", metadata: { name: "n", uid: "u3" } } }));
    await until(() => stored().length === 1);
    expect(stored()[0]?.metadata.namespace).toBe("default");
  });

  it("is cut to 1,024 bytes between two characters", async () => {
    recorder.record(note({ note: "ä".repeat(2000) }));
    await until(() => stored().length === 1);
    const text = String(stored()[0]?.note);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1024);
    expect(text).toMatch(/^ä+\.\.\.$/);
  });
});

describe("repetition", () => {
  it("within six minutes becomes a series on the first event, written at once and then once a minute", async () => {
    recorder.record(note());
    recorder.record(note());
    await until(() => stored()[0]?.series?.count === 2);
    for (let count = 0; count < 10; count += 1) recorder.record(note());
    expect(stored()[0]?.series?.count).toBe(2);
    await clock.advance(60_000);
    await until(() => stored()[0]?.series?.count === 12);
    expect(stored()).toHaveLength(1);
    expect(server.requests).toHaveLength(3);
  });

  it("after six quiet minutes is a new event", async () => {
    recorder.record(note());
    await clock.advance(360_001);
    recorder.record(note());
    await until(() => stored().length === 2);
  });

  it("that differs in reason, action, note or object is another event", async () => {
    recorder.record(note());
    recorder.record(note({ reason: "Updated" }));
    recorder.record(note({ action: "Update" }));
    recorder.record(note({ note: "else" }));
    recorder.record(note({ regarding: configMap("other", {}, { uid: "u9" }) }));
    await until(() => stored().length === 5);
  });

  it("of an event the server has dropped is written as a new one", async () => {
    recorder.record(note());
    await until(() => stored().length === 1);
    server.store.remove(EVENTS, "shop", stored()[0]?.metadata.name ?? "");
    recorder.record(note());
    await until(() => stored()[0]?.series?.count === 2);
  });
});

it("one object causes at most 25 events at once and then one in five minutes, and the others are counted", async () => {
  for (let count = 0; count < 100; count += 1) recorder.record(note({ note: `number ${count}` }));
  recorder.record(note({ regarding: configMap("other", {}, { uid: "u9" }) }));
  await until(() => stored().length === 26);
  await clock.advance(300_000);
  recorder.record(note({ note: "one more" }));
  recorder.record(note({ note: "one too many" }));
  await until(() => stored().length === 27);
  await recorder.flush(never());
  expect(stored()).toHaveLength(27);
  expect(count('events_dropped_total{cause="rate_limit"}')).toBe(76);
});

it("loses an event that cannot be written, and no other", async () => {
  server.fault(() => true, { kind: "status", status: 403 });
  recorder.record(note());
  recorder.record(note({ reason: "Updated" }));
  await until(() => stored().length === 1);
  expect(stored()[0]?.reason).toBe("Updated");
});

it("writes what is open before the end", async () => {
  recorder.record(note());
  recorder.record(note());
  recorder.record(note());
  const flushed = recorder.flush(never());
  await flushed;
  expect(stored()[0]?.series?.count).toBe(3);
});

/** The value of a metric's line. */
function count(line: string): number {
  const found = metrics
    .render()
    .split("\n")
    .find((each) => each.startsWith(`${line} `));
  return Number(found?.split(" ").at(-1));
}

describe("a burst", () => {
  const transition = (index: number) =>
    note({ regarding: configMap(`demo-${index}`, {}, { uid: `u${index}` }), note: `number ${index}` });

  it("of 8,000 Events is written or counted as dropped, and one log line says so", { timeout: 180_000 }, async () => {
    for (let index = 0; index < 8000; index += 1) recorder.record(transition(index));
    const dropped = count('events_dropped_total{cause="queue_full"}');
    const written = () => count('events_written_total{kind="transition"}');
    await until(() => written() + dropped === 8000, "everything is accounted for", 150_000);
    expect(stored().length).toBeGreaterThanOrEqual(5000);
    expect(written()).toBe(stored().length);
    expect(log.lines.filter(({ message }) => message === "Events were dropped")).toHaveLength(1);
  });

  it("that fills the queue costs repeats before transitions", { timeout: 180_000 }, async () => {
    for (let index = 0; index < 4000; index += 1) recorder.record(transition(index));
    for (let index = 0; index < 4000; index += 1) recorder.record(transition(index));
    for (let index = 4000; index < 4990; index += 1) recorder.record(transition(index));
    await until(() => stored().length === 4990, "every transition is written", 150_000);
    expect(count('events_dropped_total{cause="queue_full"}')).toBeGreaterThan(0);
  });

  it("is sent four writes at a time", async () => {
    const release = Promise.withResolvers<void>();
    server.fault(() => true, { kind: "hold", release: release.promise }, 100);
    for (let index = 0; index < 50; index += 1) recorder.record(transition(index));
    await until(() => server.requests.length === 4);
    await aMoment();
    expect(server.requests).toHaveLength(4);
    release.resolve();
    await until(() => stored().length === 50);
  });
});

it("counts what the API server refuses, with at most one log line a minute", async () => {
  server.fault(() => true, { kind: "status", status: 403 }, 3);
  for (const reason of ["A", "B", "C"]) recorder.record(note({ reason }));
  await until(() => count('events_dropped_total{cause="refused"}') === 3);
  expect(log.lines.filter(({ level }) => level === "warn")).toHaveLength(1);
});
