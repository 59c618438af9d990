import { isDeepStrictEqual } from "node:util";
import { type Clock, type Key, keyId, pause } from "../../runtime/index.ts";
import type { ProbeOutcome } from "../report/findings/assess.ts";
import type { Probe } from "./service-probe.ts";
import type { ProbeResult } from "./snapshot.ts";

/**
 * Asks assistants in the background and remembers their last answers. A reconcile never waits for one: pods that take a
 * connection and stay silent would otherwise hold the workers that all other assistants need.
 */
export interface Probing {
  /** The last answer of this very resource, at most a minute old; undefined until there is one. */
  look(key: Key, uid: string): ProbeOutcome;
  /** Milliseconds until the next look; undefined when probes are off. */
  nextInMs(outcome: ProbeOutcome): number | undefined;
  /** What was answered no longer counts. */
  forget(key: Key): void;
}

export interface ProbingDeps {
  /** Undefined: nothing is asked, pods that are ready count. */
  readonly probe: Probe | undefined;
  /** Called when an answer differs from the last one. */
  readonly changed: (key: Key) => void;
  readonly clock: Clock;
  /** Ends what is being asked. */
  readonly signal: AbortSignal;
}

/** When the next look is due, and the age from which an answer is asked anew then: a little less. */
const GOOD_MS = 30_000;
const GOOD_FRESH_MS = 25_000;
const BAD_MS = 5000;
const BAD_FRESH_MS = 4500;
/** Older answers say nothing about now. */
const VALID_MS = 60_000;
const SECOND_TRY_MS = 1000;

interface Entry {
  readonly uid: string;
  at: number;
  outcome: ProbeResult | undefined;
  asking: boolean;
}

export function createProbing({ probe, changed, clock, signal }: ProbingDeps): Probing {
  const entries = new Map<string, Entry>();

  async function ask(key: Key, entry: Entry, call: Probe): Promise<void> {
    const target = { name: key.name, namespace: key.namespace };
    let outcome = await call(target, signal);
    if (!isGood(outcome) && (entry.outcome === undefined || isGood(entry.outcome))) {
      // One lost packet is no outage, and Services find pods that have just become ready a moment later.
      await pause(clock, SECOND_TRY_MS, signal);
      outcome = await call(target, signal);
    }
    const isNews = !isDeepStrictEqual(entry.outcome, outcome);
    entry.at = clock.now();
    entry.outcome = outcome;
    if (isNews && entries.get(keyId(key)) === entry) changed(key);
  }

  function entryOf(key: Key, uid: string): Entry {
    const known = entries.get(keyId(key));
    if (known?.uid === uid) return known;
    const entry: Entry = { uid, at: 0, outcome: undefined, asking: false };
    entries.set(keyId(key), entry);
    return entry;
  }

  return {
    look(key, uid) {
      if (probe === undefined) return "disabled";
      const entry = entryOf(key, uid);
      const age = clock.now() - entry.at;
      // A bad answer rests too: pods that answer differently each time would be asked, and looked at, without a pause.
      const isFresh = entry.outcome !== undefined && age < (isGood(entry.outcome) ? GOOD_FRESH_MS : BAD_FRESH_MS);
      if (!isFresh && !entry.asking) {
        entry.asking = true;
        ask(key, entry, probe)
          // Only a stop makes it fail.
          .catch(() => undefined)
          .finally(() => {
            entry.asking = false;
          });
      }
      return age < VALID_MS ? entry.outcome : undefined;
    },
    nextInMs: (outcome) => (outcome === "disabled" ? undefined : isGood(outcome) ? GOOD_MS : BAD_MS),
    forget: (key) => void entries.delete(keyId(key)),
  };
}

function isGood(outcome: ProbeOutcome): boolean {
  return outcome !== undefined && outcome !== "disabled" && outcome.frontend === undefined && outcome.mcp === undefined;
}
