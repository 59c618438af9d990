import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type StubApiServer, startStubApiServer } from "../../../test/api-server-harness.ts";
import { createFakeClock, type FakeClock } from "../../../test/clock-fixture.ts";
import { clientOf, configMap, never, recordingLog, until } from "../../../test/kube-fixture.ts";
import type { RawObject } from "../../kube/index.ts";
import { createEventRecorder, type EventNote, type EventRecorder } from "./events.ts";

const EVENTS = "/apis/events.k8s.io/v1/events";
let server: StubApiServer;
let close: () => Promise<void>;
let clock: FakeClock;
let recorder: EventRecorder;

beforeEach(async () => {
  server = await startStubApiServer();
  const opened = clientOf(server);
  close = opened.close;
  clock = createFakeClock(Date.UTC(2026, 0, 2));
  recorder = createEventRecorder({
    client: opened.client,
    controller: "example.dev/operator",
    instance: "operator-abc",
    clock,
    log: recordingLog(),
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

it("bounds what one object can cause: 25 at once, then one in five minutes, others unharmed", async () => {
  for (let count = 0; count < 100; count += 1) recorder.record(note({ note: `number ${count}` }));
  recorder.record(note({ regarding: configMap("other", {}, { uid: "u9" }) }));
  await until(() => stored().length === 26);
  await clock.advance(300_000);
  recorder.record(note({ note: "one more" }));
  recorder.record(note({ note: "one too many" }));
  await until(() => stored().length === 27);
  await recorder.flush(never());
  expect(stored()).toHaveLength(27);
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
