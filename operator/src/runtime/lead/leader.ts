import { errorText } from "@taskassistant/kit/failures";
import { builtin, isAlreadyExists, isConflict, type KubeClient, linkedAbort } from "../../kube/index.ts";
import { type Clock, pause } from "../clock.ts";
import type { Log } from "../types.ts";
import { isNewer } from "../watch/versions.ts";
import { type Lease, type LeaseRecord, leaseObject, microTime } from "./lease.ts";
import { watchLease } from "./lease-watch.ts";

export interface LeaderTiming {
  /** A lease not renewed for so long may be taken; milliseconds, default 15,000. */
  readonly leaseDurationMs: number;
  /** A leader that could not renew for so long stops; default 10,000. Must be the shorter one. */
  readonly renewDeadlineMs: number;
  /** Between two attempts; default 2,000. */
  readonly retryPeriodMs: number;
}

export interface LeaderDeps {
  readonly client: Pick<KubeClient, "get" | "create" | "replace" | "watch">;
  readonly lease: { readonly namespace: string; readonly name: string };
  /** Unique to this process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timing?: Partial<LeaderTiming>;
  /** Called when another state of the lease was seen, or an attempt failed. */
  readonly observed?: () => void;
  /** Whether the lease may be taken from this holder at once, because something else makes sure that it does not act. */
  readonly succeeds?: (holder: string) => boolean;
}

/** Another process may lead now: stop writing and exit. */
export class LeaseLostError extends Error {
  override readonly name = "LeaseLostError";
}

export interface LeaderElector {
  /**
   * Competes for the lease and keeps it. `onLeading` is called once. Resolves after the signal aborted and the lease
   * was given back; rejects with `LeaseLostError`.
   */
  run(signal: AbortSignal, onLeading: () => void): Promise<void>;
  /** Asked before each write: counts from the moment the last successful renewal was sent, on the monotonic clock. */
  isLeading(): boolean;
  /** The identity in the lease as it was last seen; undefined when nobody holds it. */
  holder(): string | undefined;
  /** Why the last attempt to take or renew the lease failed; undefined after an answer. */
  problem(): string | undefined;
}

/**
 * Leader election by Lease with client-go's rules. A follower measures the lease from when it saw it change, a leader
 * from when it sent the renewal, so a paused process or a skewed wall clock cannot make two of them lead.
 */
export function createLeaderElector(deps: LeaderDeps): LeaderElector {
  const { client, clock, log, identity, lease: ref } = deps;
  const timing: LeaderTiming = {
    leaseDurationMs: 15_000,
    renewDeadlineMs: 10_000,
    retryPeriodMs: 2_000,
    ...deps.timing,
  };
  let observed: { readonly lease: Lease; readonly at: number } | undefined;
  let renewedAt: number | undefined;
  let problem: string | undefined;
  let wake: () => void = () => undefined;

  function isLeading(): boolean {
    return renewedAt !== undefined && clock.now() - renewedAt < timing.renewDeadlineMs;
  }

  /** Milliseconds until the lease may be taken; 0 = now. */
  function heldFor(): number {
    const spec = observed?.lease.spec;
    if (observed === undefined || spec?.holderIdentity === undefined || spec.holderIdentity === "") return 0;
    if (spec.holderIdentity === identity || deps.succeeds?.(spec.holderIdentity) === true) return 0;
    const duration = (spec.leaseDurationSeconds ?? 0) * 1000 || timing.leaseDurationMs;
    return Math.max(0, observed.at + duration - clock.now());
  }

  function observe(lease: Lease | undefined): void {
    if (lease === undefined) {
      observed = undefined;
      return;
    }
    const known = observed?.lease.metadata.resourceVersion;
    const same = known === lease.metadata.resourceVersion;
    if (same || isNewer(lease.metadata.resourceVersion, known) === false) return;
    observed = { lease, at: clock.now() };
    deps.observed?.();
  }

  function nextRecord(): LeaseRecord {
    const spec = observed?.lease.spec;
    const now = microTime(clock.wall());
    const mine = spec?.holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(timing.leaseDurationMs / 1000),
      acquireTime: mine ? (spec?.acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: (spec?.leaseTransitions ?? 0) + (mine || observed === undefined ? 0 : 1),
    };
  }

  /** One write with the version last seen; true when the lease is ours for another period. */
  async function write(signal: AbortSignal): Promise<boolean> {
    const sentAt = clock.now();
    const object = leaseObject(ref, nextRecord(), observed?.lease.metadata.resourceVersion);
    try {
      observe(
        observed === undefined ? await client.create(object, { signal }) : await client.replace(object, { signal }),
      );
      renewedAt = sentAt;
      return true;
    } catch (error) {
      if (!isConflict(error) && !isAlreadyExists(error)) throw error;
      return false;
    }
  }

  /** Takes or renews the lease. A leader writes at once with the version it knows and looks only after a conflict. */
  async function attempt(signal: AbortSignal): Promise<void> {
    if (renewedAt !== undefined && (await write(signal))) return;
    observe(await client.get<Lease>(builtin.Lease, ref, { signal }));
    const holder = observed?.lease.spec?.holderIdentity;
    if (renewedAt !== undefined && observed !== undefined && holder !== identity) {
      throw new LeaseLostError(`the lease ${ref.name} is held by ${holder || "no process"}`);
    }
    if (heldFor() === 0) await write(signal);
  }

  /** An attempt in time. A stop does not cancel it: whether its write arrived decides what there is to give back. */
  async function attemptInTime(): Promise<void> {
    const left = renewedAt === undefined ? Infinity : renewedAt + timing.renewDeadlineMs - clock.now();
    if (left <= 0) throw new LeaseLostError(`the lease ${ref.name} could not be renewed in time`);
    const abort = new AbortController();
    const cancel = clock.after(Math.min(left, timing.renewDeadlineMs / 2), () => abort.abort(new Error("no answer")));
    try {
      await attempt(abort.signal);
      if (problem !== undefined) tellProblem(undefined);
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      tellProblem(errorText(error));
      log.warn({ lease: ref.name, error: String(error) }, "the lease could not be taken or renewed");
    } finally {
      cancel();
    }
  }

  function tellProblem(now: string | undefined): void {
    problem = now;
    deps.observed?.();
  }

  async function release(): Promise<void> {
    renewedAt = undefined;
    for (let tries = 0; tries < 2 && observed?.lease.spec?.holderIdentity === identity; tries += 1) {
      const signal = AbortSignal.timeout(2000);
      const { metadata } = observed.lease;
      const record = { ...nextRecord(), holderIdentity: "", leaseDurationSeconds: 1 };
      try {
        await client.replace(leaseObject(ref, record, metadata.resourceVersion), { signal });
        log.info({ lease: ref.name }, "the lease was given back");
        return;
      } catch (error) {
        log.warn({ lease: ref.name, error: String(error) }, "the lease could not be given back");
        observe(await client.get<Lease>(builtin.Lease, ref, { signal }).catch(() => undefined));
      }
    }
  }

  /** Until the next poll, the end of the lease, or the moment it is seen to be free. */
  async function waitAsFollower(signal: AbortSignal): Promise<void> {
    const ms = Math.min(timing.retryPeriodMs, heldFor() || timing.retryPeriodMs);
    const link = linkedAbort(signal);
    wake = () => link.abort(new DOMException("the lease is free", "AbortError"));
    await pause(clock, ms * (1 + Math.random() / 10), link.signal);
    link.release();
  }

  async function compete(signal: AbortSignal): Promise<void> {
    const stop = linkedAbort(signal);
    const watching = watchLease({ client, clock, retryMs: timing.retryPeriodMs }, ref, stop.signal, (lease) => {
      observe(lease);
      if (heldFor() === 0) wake();
    });
    try {
      while (!signal.aborted && !isLeading()) {
        await attemptInTime();
        if (!isLeading()) await waitAsFollower(signal);
      }
    } finally {
      stop.abort(new DOMException("no follower any more", "AbortError"));
      stop.release();
      await watching;
    }
  }

  async function keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const left = (renewedAt ?? 0) + timing.renewDeadlineMs - clock.now();
      await pause(clock, Math.min(timing.retryPeriodMs, Math.max(0, left)), signal);
      if (!signal.aborted) await attemptInTime();
    }
  }

  return {
    isLeading,
    holder: () => observed?.lease.spec?.holderIdentity || undefined,
    problem: () => problem,
    async run(signal, onLeading) {
      try {
        await compete(signal);
        if (isLeading() && !signal.aborted) {
          log.info({ lease: ref.name, identity }, "leading");
          onLeading();
          await keep(signal);
        }
        await release();
      } finally {
        renewedAt = undefined;
      }
    },
  };
}
