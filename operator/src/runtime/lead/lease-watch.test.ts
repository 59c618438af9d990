import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientOf, recordingLog, until } from "../../../test/fixtures/kube-fixture.ts";
import { type StubApiServer, startStubApiServer } from "../../../test/harness/api-server-harness.ts";
import { systemClock } from "../clock.ts";
import { createLeaderElector, type LeaderDeps } from "./leader.ts";
import { type Lease, microTime } from "./lease.ts";

const lease = { namespace: "system", name: "operator" };

describe("leader election against an API server", () => {
  let server: StubApiServer;
  let close: () => Promise<void>;
  let deps: Omit<LeaderDeps, "identity">;

  beforeEach(async () => {
    server = await startStubApiServer();
    const opened = clientOf(server);
    close = opened.close;
    // A poll in an hour: what happens sooner is the watch's doing.
    const timing = { leaseDurationMs: 7_200_000, renewDeadlineMs: 7_000_000, retryPeriodMs: 3_600_000 };
    deps = { client: opened.client, lease, clock: systemClock(), log: recordingLog(), timing };
  });
  afterEach(async () => {
    await close();
    await server.close();
  });

  it("a waiting candidate takes over the moment the lease is given back", async () => {
    const first = createLeaderElector({ ...deps, identity: "first" });
    const second = createLeaderElector({ ...deps, identity: "second" });
    const stops = [new AbortController(), new AbortController()];
    const runs = [first.run(stops[0]!.signal, () => undefined)];
    await until(() => first.isLeading());
    runs.push(second.run(stops[1]!.signal, () => undefined));
    await until(() =>
      server.watches.some((watch) => watch.open && watch.query.get("fieldSelector") === "metadata.name=operator"),
    );
    stops[0]!.abort();
    await until(() => second.isLeading());
    expect(first.isLeading()).toBe(false);
    stops[1]!.abort();
    await Promise.all(runs);
    const collection = "/apis/coordination.k8s.io/v1/leases";
    expect((server.store.get(collection, "system", "operator") as Lease).spec?.holderIdentity).toBe("");
  });

  it("a lease taken by a write whose answer got lost is known as ours, and given back", async () => {
    server.fault(({ method }) => method === "POST", { kind: "reset-after" });
    const one = createLeaderElector({ ...deps, identity: "one", timing: { retryPeriodMs: 10 } });
    const stop = new AbortController();
    const run = one.run(stop.signal, () => undefined);
    await until(() => one.isLeading());
    stop.abort();
    await run;
    expect(server.requests.at(-1)?.method).toBe("PUT");
    expect(JSON.parse(server.requests.at(-1)?.body ?? "").spec.holderIdentity).toBe("");
  });
});

it("writes MicroTime with six digits", () => {
  expect(microTime(Date.UTC(2026, 0, 2, 3, 4, 5, 6))).toBe("2026-01-02T03:04:05.006000Z");
});
