import { isDeepStrictEqual } from "node:util";
import { type Clock, nameId, type ObjectName, pause } from "../../runtime/index.ts";
import type { ProbeOutcome, ProbeResult } from "./probe-outcome.ts";
import type { Probe } from "./service-probe.ts";

/**
 * Probes assistants in the background and remembers the last outcomes. A reconcile never waits for a probe, because
 * pods that accept a connection and stay silent would block the workers that all other assistants need.
 */
export interface ProbeSchedule {
  /**
   * The last outcome for the resource with this uid, at most a minute old; undefined until there is one. `reporters`: the
   * addresses of its API pods.
   */
  latest(key: ObjectName, uid: string, reporters?: readonly string[]): ProbeOutcome;
  /** The last outcome and its age in milliseconds, without asking for another. */
  last(key: ObjectName, uid: string): { readonly outcome: ProbeOutcome; readonly ageMs: number };
  /** Milliseconds until the next probe; undefined when probes are disabled. */
  nextInMs(outcome: ProbeOutcome): number | undefined;
  /** Discards the last outcome. */
  forget(key: ObjectName): void;
}

export interface ProbeScheduleDeps {
  /** Undefined when probes are disabled and ready pods are enough. */
  readonly probe: Probe | undefined;
  /** Called when an outcome differs from the last one. */
  readonly changed: (key: ObjectName) => void;
  readonly clock: Clock;
  /** Aborts running probes. */
  readonly signal: AbortSignal;
}

/** How long until the next reconcile asks for the outcome, and the slightly lower age from which it is probed again then. */
const GOOD_MS = 30_000;
const GOOD_FRESH_MS = 25_000;
const BAD_MS = 5_000;
const BAD_FRESH_MS = 4_500;
/** Older outcomes are discarded. */
const VALID_MS = 60_000;
const SECOND_TRY_MS = 1_000;

interface Entry {
  readonly uid: string;
  at: number;
  outcome: ProbeResult | undefined;
  asking: boolean;
}

/** Builds an empty schedule. */
export function createProbeSchedule({ probe, changed, clock, signal }: ProbeScheduleDeps): ProbeSchedule {
  const entries = new Map<string, Entry>();

  async function ask(key: ObjectName, entry: Entry, call: Probe, reporters: readonly string[]): Promise<void> {
    const target = { name: key.name, namespace: key.namespace, reporters };
    let outcome = await call(target, signal);
    if (!isGood(outcome) && (entry.outcome === undefined || isGood(entry.outcome))) {
      // One lost packet is not an outage, and a Service routes to a pod only a moment after it became ready.
      await pause(clock, SECOND_TRY_MS, signal);
      outcome = await call(target, signal);
    }
    const isNews = !isDeepStrictEqual(entry.outcome, outcome);
    entry.at = clock.now();
    entry.outcome = outcome;
    if (isNews && entries.get(nameId(key)) === entry) changed(key);
  }

  function entryOf(key: ObjectName, uid: string): Entry {
    const known = entries.get(nameId(key));
    if (known?.uid === uid) return known;
    const entry: Entry = { uid, at: 0, outcome: undefined, asking: false };
    entries.set(nameId(key), entry);
    return entry;
  }

  return {
    latest(key, uid, reporters = []) {
      if (probe === undefined) return "disabled";
      const entry = entryOf(key, uid);
      const age = clock.now() - entry.at;
      // Bad outcomes have an age too. Otherwise pods that answer differently each time would be probed without a pause.
      const isFresh = entry.outcome !== undefined && age < (isGood(entry.outcome) ? GOOD_FRESH_MS : BAD_FRESH_MS);
      if (!isFresh && !entry.asking) {
        entry.asking = true;
        ask(key, entry, probe, reporters)
          // It rejects only when the operator stops.
          .catch(() => undefined)
          .finally(() => {
            entry.asking = false;
          });
      }
      return age < VALID_MS ? entry.outcome : undefined;
    },
    last(key, uid) {
      if (probe === undefined) return { outcome: "disabled", ageMs: 0 };
      const known = entries.get(nameId(key));
      if (known?.uid !== uid || known.outcome === undefined) return { outcome: undefined, ageMs: 0 };
      return { outcome: known.outcome, ageMs: clock.now() - known.at };
    },
    nextInMs: (outcome) => (outcome === "disabled" ? undefined : isGood(outcome) ? GOOD_MS : BAD_MS),
    forget: (key) => void entries.delete(nameId(key)),
  };
}

/** Whether the services answered as they should. */
export function isGood(outcome: ProbeOutcome): boolean {
  return outcome !== undefined && outcome !== "disabled" && outcome.frontend === undefined && outcome.mcp === undefined;
}
