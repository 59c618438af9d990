import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, settle } from "../../test/fake-clock.ts";
import { clientOf, recordingLog, until } from "../../test/kube-fixture.ts";
import { type StubApiServer, startStubApiServer } from "../../test/stub-api-server.ts";
import { ApiError } from "../kube/index.ts";
import type { Clock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import { createLeaderElector, type LeaderDeps } from "./leader.ts";
import { type Lease, microTime } from "./lease.ts";

const lease = { namespace: "system", name: "operator" };

/**
 * A world of processes that share one lease and one time. A paused process (SIGSTOP, a stalled VM) runs no timer and
 * sees no answer, while time and its requests on the wire go on.
 */
function createWorld() {
  const time = createFakeClock();
  let stored: Lease | undefined;
  let version = 0;

  function save(object: Lease): Lease {
    version += 1;
    stored = structuredClone({ ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
    return stored;
  }
  const refuse = (reason: string) => new ApiError({ status: 409, reason, message: reason });

  function spawn(identity: string) {
    let paused = false;
    let cutOff = false;
    let latency = 0;
    const held: (() => void)[] = [];
    const whenAwake = (call: () => void) => {
      if (paused) held.push(call);
      else call();
    };
    const clock: Clock = { ...time, after: (ms, call) => time.after(ms, () => whenAwake(call)) };

    /** A request that reaches the server after the latency, and whose answer comes back after it once more. */
    function request<T>(serve: () => T, signal: AbortSignal): Promise<T> {
      return new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => whenAwake(() => reject(signal.reason)));
        if (cutOff) return;
        time.after(latency, () => {
          let answer: () => void;
          try {
            const result = serve();
            answer = () => resolve(result);
          } catch (error) {
            answer = () => reject(error);
          }
          time.after(latency, () => whenAwake(answer));
        });
      });
    }
    const client = {
      get: (_resource: unknown, _ref: unknown, { signal }: { signal: AbortSignal }) => request(() => stored, signal),
      create: (object: Lease, { signal }: { signal: AbortSignal }) =>
        request(() => {
          if (stored !== undefined) throw refuse("AlreadyExists");
          return save(object);
        }, signal),
      replace: (object: Lease, { signal }: { signal: AbortSignal }) =>
        request(() => {
          if (stored?.metadata.resourceVersion !== object.metadata.resourceVersion) throw refuse("Conflict");
          return save(object);
        }, signal),
      // Polling alone has to be safe.
      watch() {
        throw new ApiError({ status: 403, reason: "Forbidden", message: "no watch" });
      },
    } as unknown as LeaderDeps["client"];
    const elector = createLeaderElector({ client, lease, identity, clock, log: recordingLog() });
    const stop = new AbortController();
    const outcome: { lost?: string; ended: boolean } = { ended: false };
    const run = elector
      .run(stop.signal, () => undefined)
      .then(
        () => {
          outcome.ended = true;
        },
        (error: Error) => {
          outcome.lost = error.name;
        },
      );
    return {
      isLeading: elector.isLeading,
      outcome,
      run,
      stop: () => stop.abort(),
      pause() {
        paused = true;
      },
      resume() {
        paused = false;
        for (const call of held.splice(0)) call();
      },
      cutOff(off: boolean) {
        cutOff = off;
      },
      slow(ms: number) {
        latency = ms;
      },
    };
  }
  /** Somebody who does not play by the rules. */
  function take(holderIdentity: string): void {
    if (stored !== undefined) save({ ...stored, spec: { ...stored.spec, holderIdentity } });
  }
  return { time, spawn, take, stored: () => stored };
}

describe("with client-go's rules", () => {
  it("the first one leads and keeps leading, the second one waits", async () => {
    const { time, spawn, stored } = createWorld();
    const first = spawn("first");
    await time.advance(0);
    const second = spawn("second");
    await time.advance(120_000);
    expect([first.isLeading(), second.isLeading()]).toEqual([true, false]);
    expect(stored()?.spec).toMatchObject({ holderIdentity: "first", leaseDurationSeconds: 15, leaseTransitions: 0 });
  });

  it("a released lease is taken at the next poll, and counted as a transition", async () => {
    const { time, spawn, stored } = createWorld();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.stop();
    await time.advance(2300);
    expect(first.outcome.ended).toBe(true);
    expect([first.isLeading(), second.isLeading()]).toEqual([false, true]);
    expect(stored()?.spec).toMatchObject({ holderIdentity: "second", leaseTransitions: 1 });
  });

  it("a leader that died is followed within its lease and one poll", async () => {
    const { time, spawn } = createWorld();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.pause();
    await time.advance(17_500);
    expect(second.isLeading()).toBe(true);
  });

  it("a leader that cannot renew stops after the renew deadline, before anyone can take over", async () => {
    const { time, spawn } = createWorld();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.cutOff(true);
    await time.advance(10_000);
    expect(first.isLeading()).toBe(false);
    expect(first.outcome.lost).toBe("LeaseLostError");
    expect(second.isLeading()).toBe(false);
    await time.advance(8000);
    expect(second.isLeading()).toBe(true);
  });

  it("a leader that was paused past its lease knows it the moment it wakes, before any timer of its own ran", async () => {
    const { time, spawn } = createWorld();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.pause();
    await time.advance(60_000);
    expect([first.isLeading(), second.isLeading()]).toEqual([false, true]);
    first.resume();
    await settle();
    expect(first.isLeading()).toBe(false);
    await time.advance(5000);
    expect(first.outcome.lost).toBe("LeaseLostError");
    expect(second.isLeading()).toBe(true);
  });

  it("a renewal whose answer comes late counts from when it was sent", async () => {
    const { time, spawn } = createWorld();
    const first = spawn("first");
    await time.advance(2000);
    first.slow(4000);
    await time.advance(30_000);
    // Sent, four seconds there, four back: by then more than the deadline may have passed since the last one was sent.
    expect(first.isLeading()).toBe(false);
    expect(first.outcome.lost).toBe("LeaseLostError");
  });

  it("a renewal whose answer was waiting while the process was paused is worth nothing any more", async () => {
    const { time, spawn } = createWorld();
    const first = spawn("first");
    await time.advance(0);
    const second = spawn("second");
    await time.advance(1000);
    first.slow(500);
    // Sent at 2,000, arrived at 2,500, its answer would be there at 3,000.
    await time.advance(1700);
    first.pause();
    await time.advance(60_000);
    expect(second.isLeading()).toBe(true);
    first.resume();
    await settle();
    expect(first.isLeading()).toBe(false);
  });

  it("a leader that finds the lease in other hands stops at the next renewal, not at its deadline", async () => {
    const { time, spawn, take } = createWorld();
    const first = spawn("first");
    await time.advance(1000);
    take("somebody");
    await time.advance(2000);
    expect(first.isLeading()).toBe(false);
    await first.run;
    expect(first.outcome.lost).toBe("LeaseLostError");
  });

  it("a leader whose lease went to another one is lost, not a candidate again", async () => {
    const { time, spawn } = createWorld();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    first.pause();
    await time.advance(20_000);
    second.stop();
    await time.advance(1000);
    first.resume();
    await time.advance(1000);
    expect(first.outcome.lost).toBe("LeaseLostError");
    expect(first.isLeading()).toBe(false);
  });
});

it("never has two leaders, whoever is paused, cut off or slow, and always finds one in the end", async () => {
  const event = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom("pause", "resume", "cut", "mend", "slow", "fast"),
    lasting: fc.integer({ min: 1, max: 12_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
      const world = createWorld();
      const born = ["a", "b", "c"].map((name) => world.spawn(name));
      const check = () => expect(born.filter((one) => one.isLeading()).length).toBeLessThanOrEqual(1);
      for (const { who, what, lasting } of events) {
        const one = born[who]!;
        if (what === "pause") one.pause();
        else if (what === "resume") one.resume();
        else if (what === "slow") one.slow(lasting / 3);
        else if (what === "fast") one.slow(0);
        else one.cutOff(what === "cut");
        check();
        for (let passed = 0; passed < lasting; passed += 250) {
          await world.time.advance(Math.min(250, lasting - passed));
          check();
        }
      }
      for (const one of born) {
        one.resume();
        one.cutOff(false);
        one.slow(0);
      }
      // A lost one exits; its pod comes back as another process.
      born.push(world.spawn("d"));
      await world.time.advance(40_000);
      check();
      expect(born.some((one) => one.isLeading())).toBe(true);
    }),
    { numRuns: 60 },
  );
}, 60_000);

describe("against an API server", () => {
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
