import type { KubeClient } from "../../kube/index.ts";
import type { Clock } from "../clock.ts";
import type { LeaderTiming } from "../lead/leader.ts";
import type { MetricsRegistry } from "../telemetry/metrics.ts";
import type { Log } from "../types.ts";
import { createNamespaceLeases } from "./namespace-leases.ts";
import { followNamespace, type Presence } from "./namespace-presence.ts";

/** Why a process does nothing in a namespace. */
export interface Unserved {
  /**
   * `gone`: it does not exist. `unreadable`: the API server refuses to list something in it. `held`: another installation
   * works there, or the lease can't be taken. `waiting`: the lease is not held yet.
   */
  readonly cause: "gone" | "unreadable" | "held" | "waiting";
  readonly reason: string;
}

/** Called when a namespace is not served any more, or is served again (without `unserved`). */
export type NamespaceChanged = (namespace: string, unserved: Unserved | undefined) => void;

export interface ScopeDeps {
  readonly client: KubeClient;
  /** ["*"] means the whole cluster. */
  readonly namespaces: readonly string[];
  /** Whether to follow the Namespace objects. */
  readonly follow: boolean;
  /** Absent: no other installation works in the same namespaces. */
  readonly leases?: {
    readonly name: string;
    readonly installation: string;
    readonly identity: string;
    readonly timing?: Partial<LeaderTiming>;
  };
  /** Why the watches can't follow a namespace; undefined when they do. */
  readonly unreadable: (namespace: string) => string | undefined;
  readonly metrics: MetricsRegistry;
  readonly clock: Clock;
  readonly log: Log;
}

/** The namespaces a manager works in: each is served or not by itself, so that trouble with one does not touch the others. */
export interface Scope {
  /** Why nothing may be done in a namespace now; undefined when it is served. */
  unserved(namespace: string): Unserved | undefined;
  /** Whether the process may write in a namespace. Asked before each write. */
  mayWrite(namespace: string): boolean;
  isTerminating(namespace: string): boolean;
  /** Looks again at a namespace after something about it changed; "" means all. */
  refresh(namespace: string): void;
  /** Whether a namespace has primary objects. Where the whole cluster is watched, only such a namespace needs a lease. */
  populated(namespace: string, isPopulated: boolean): void;
  subscribe(changed: NamespaceChanged): void;
  /** For people: each namespace that is not served, with the reason. */
  notes(): string[];
  /** Whether no namespace at all can be read. */
  nothingReadable(): boolean;
  /** Follows the namespaces until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Competes for the leases until the signal aborts; resolves when they were given back. */
  lead(signal: AbortSignal): Promise<void>;
}

export function createScope(deps: ScopeDeps): Scope {
  const { client, clock, log } = deps;
  const named = deps.namespaces.includes("*") ? [] : deps.namespaces;
  const presences = new Map<string, Presence>();
  const reported = new Map<string, string | undefined>();
  const subscribers: NamespaceChanged[] = [];
  const leases =
    deps.leases === undefined
      ? undefined
      : createNamespaceLeases({ ...deps.leases, client, clock, log, changed: refreshOne });
  const presenceOf = (namespace: string) => presences.get(namespace) ?? "unknown";
  const known = () => new Set([...named, ...reported.keys()]);

  deps.metrics.observedGauge("watched_namespace_served", "Whether this process works in a namespace.", () =>
    [...known()].map((namespace) => [{ namespace }, unserved(namespace) === undefined ? 1 : 0] as const),
  );

  function unserved(namespace: string): Unserved | undefined {
    const presence = presenceOf(namespace);
    if (presence === "gone") return { cause: "gone", reason: `namespace ${namespace} does not exist` };
    const why = deps.unreadable(namespace);
    if (why !== undefined) return { cause: "unreadable", reason: `namespace ${namespace} can't be read: ${why}` };
    if (mayWrite(namespace)) return undefined;
    const holder = leases?.heldBy(namespace);
    if (holder !== undefined) {
      return { cause: "held", reason: `namespace ${namespace} is served by the operator in namespace ${holder}` };
    }
    const problem = leases?.problem(namespace);
    if (problem === undefined)
      return { cause: "waiting", reason: `the lease of namespace ${namespace} is not held yet` };
    return { cause: "held", reason: `the lease of namespace ${namespace} can't be taken: ${problem}` };
  }

  /** In a namespace that is being deleted no lease can be created, and all there is to do is to let it go. */
  function mayWrite(namespace: string): boolean {
    return leases === undefined || leases.isHeld(namespace) || presenceOf(namespace) === "terminating";
  }

  function refreshOne(namespace: string): void {
    const now = unserved(namespace);
    // Each list that is refused has words of its own, and one is enough.
    const state = now?.cause === "held" ? now.reason : now?.cause;
    if (reported.has(namespace) && reported.get(namespace) === state) return;
    reported.set(namespace, state);
    if (now?.cause === "waiting") return;
    if (now !== undefined) log.warn({ namespace, reason: now.reason }, "nothing is done in this namespace");
    else log.info({ namespace }, "this namespace is served");
    for (const changed of subscribers) changed(namespace, now);
  }

  function notePresence(namespace: string, presence: Presence): void {
    presences.set(namespace, presence);
    if (presence === "gone") leases?.leave(namespace);
    else if (presence !== "terminating") leases?.enter(namespace);
    refreshOne(namespace);
    if (presence !== "terminating") return;
    log.info({ namespace }, "this namespace is being deleted");
    // What is left to do there is due now, whether the namespace was served before or not.
    for (const changed of subscribers) changed(namespace, unserved(namespace));
  }

  return {
    unserved,
    mayWrite,
    isTerminating: (namespace) => presenceOf(namespace) === "terminating",
    refresh(namespace) {
      for (const each of namespace === "" ? known() : [namespace]) refreshOne(each);
    },
    populated(namespace, isPopulated) {
      if (named.length > 0 || leases === undefined) return;
      if (isPopulated) leases.enter(namespace);
      else leases.leave(namespace);
    },
    subscribe: (changed) => void subscribers.push(changed),
    notes: () =>
      [...known()].flatMap((namespace) => {
        const now = unserved(namespace);
        return now === undefined || now.cause === "waiting" ? [] : [now.reason];
      }),
    nothingReadable: () =>
      named.length > 0 && named.every((namespace) => ["gone", "unreadable"].includes(unserved(namespace)?.cause ?? "")),
    async run(signal) {
      await Promise.all(
        named.map(async (namespace) => {
          leases?.enter(namespace);
          if (!deps.follow) return;
          const changed = (presence: Presence) => notePresence(namespace, presence);
          await followNamespace({ client, namespace, clock, changed }, signal);
        }),
      );
    },
    lead: async (signal) => leases?.run(signal),
  };
}
