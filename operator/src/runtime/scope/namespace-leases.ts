import { type KubeClient, linkedAbort } from "../../kube/index.ts";
import { type Clock, pause } from "../clock.ts";
import { createLeaderElector, type LeaderElector, type LeaderTiming, LeaseLostError } from "../lead/leader.ts";
import type { Log } from "../types.ts";

export interface NamespaceLeasesDeps {
  readonly client: Pick<KubeClient, "get" | "create" | "replace" | "watch">;
  /** Name of the lease in each namespace. */
  readonly name: string;
  /** The same for all processes of this installation, of which the lease of the manager lets one act at a time. */
  readonly installation: string;
  /** Unique to this process. */
  readonly identity: string;
  readonly clock: Clock;
  readonly log: Log;
  /** A lease was taken, lost, or found in other hands. */
  readonly changed: (namespace: string) => void;
  readonly timing?: Partial<LeaderTiming>;
}

/** The leases of the namespaces that an installation works in, so that two installations never work in the same one. */
export interface NamespaceLeases {
  /** Begins to compete for the lease of a namespace. Does nothing if it does already. */
  enter(namespace: string): void;
  /** Gives the lease back. */
  leave(namespace: string): void;
  isHeld(namespace: string): boolean;
  /** The other installation that holds it, if that is known. */
  heldBy(namespace: string): string | undefined;
  /** Why the last attempt to take the lease failed. */
  problem(namespace: string): string | undefined;
  /** Runs until the signal aborts, and resolves when all leases were given back. */
  run(signal: AbortSignal): Promise<void>;
}

/** Longer than those of the manager's own lease: there are many, and it is rare that another installation waits. */
const TIMING: LeaderTiming = { leaseDurationMs: 60_000, renewDeadlineMs: 40_000, retryPeriodMs: 20_000 };

interface Entry {
  readonly elector: LeaderElector;
  readonly abort: (reason: unknown) => void;
  readonly ended: Promise<void>;
}

export function createNamespaceLeases(deps: NamespaceLeasesDeps): NamespaceLeases {
  const { client, clock, log } = deps;
  const prefix = `${deps.installation}/`;
  const entries = new Map<string, Entry>();
  const wanted = new Set<string>();
  let running: AbortSignal | undefined;
  let serial = 0;

  function electorOf(namespace: string): LeaderElector {
    return createLeaderElector({
      client,
      lease: { namespace, name: deps.name },
      // A new one each time, so that an elector that gives its lease back never gives back that of its successor.
      identity: `${prefix}${deps.identity}.${serial++}`,
      succeeds: (holder) => holder.startsWith(prefix),
      clock,
      log,
      timing: { ...TIMING, ...deps.timing },
      observed: () => deps.changed(namespace),
    });
  }

  async function compete(namespace: string, elector: LeaderElector, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await elector.run(signal, () => deps.changed(namespace));
      } catch (error) {
        if (!(error instanceof LeaseLostError)) throw error;
        log.warn({ namespace, error: error.message }, "another installation took over this namespace");
        deps.changed(namespace);
        await pause(clock, 1000, signal);
      }
    }
  }

  function start(namespace: string, parent: AbortSignal): void {
    const link = linkedAbort(parent);
    const elector = electorOf(namespace);
    const ended = compete(namespace, elector, link.signal).finally(() => {
      link.release();
      if (entries.get(namespace)?.elector === elector) entries.delete(namespace);
    });
    entries.set(namespace, { elector, abort: link.abort, ended });
  }

  return {
    enter(namespace) {
      wanted.add(namespace);
      if (running !== undefined && !running.aborted && !entries.has(namespace)) start(namespace, running);
    },
    leave(namespace) {
      wanted.delete(namespace);
      const entry = entries.get(namespace);
      entries.delete(namespace);
      entry?.abort(new DOMException("nothing to do in this namespace", "AbortError"));
    },
    isHeld: (namespace) => entries.get(namespace)?.elector.isLeading() ?? false,
    heldBy(namespace) {
      const holder = entries.get(namespace)?.elector.holder();
      return holder?.startsWith(prefix) === true ? undefined : holder?.split("/")[0];
    },
    problem: (namespace) => entries.get(namespace)?.elector.problem(),
    async run(signal) {
      if (signal.aborted) return;
      running = signal;
      for (const namespace of wanted) start(namespace, signal);
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      await Promise.all([...entries.values()].map(({ ended }) => ended));
    },
  };
}
