import { ApiError } from "../../src/kube/index.ts";
import type { Clock } from "../../src/runtime/clock.ts";
import { createLeaderElector, type LeaderDeps } from "../../src/runtime/lead/leader.ts";
import type { Lease } from "../../src/runtime/lead/lease.ts";
import { createFakeClock } from "../fixtures/clock-fixture.ts";
import { recordingLog } from "../fixtures/kube-fixture.ts";

const lease = { namespace: "system", name: "operator" };

/**
 * Processes that share one lease and one time. A paused process (SIGSTOP, a stalled VM) runs no timer and receives no
 * answer, while time passes and its requests still reach the server.
 */
export function createLeaseHarness() {
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

    /** A request that reaches the server after the latency, and whose answer takes as long again. */
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
      // Election must be safe with polling alone.
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
  /** Overwrites the holder, as a program that ignores the protocol would. */
  function take(holderIdentity: string): void {
    if (stored !== undefined) save({ ...stored, spec: { ...stored.spec, holderIdentity } });
  }
  return { time, spawn, take, stored: () => stored };
}
