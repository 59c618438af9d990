import type { ApiError, FieldConflict } from "../../kube/index.ts";
import type { Contest } from "./problem.ts";

/** Remembers which programs keep changing our fields, so that they and the operator do not overwrite each other endlessly. */
export interface ConflictLog {
  /** Records that fields were taken back from other managers. */
  note(object: string, taken: readonly FieldConflict[]): void;
  /** The contest for which an object is left alone; undefined when it may be applied. */
  contestOver(object: string): Contest | undefined;
}

const WINDOW_MS = 10 * 60_000;
const PAUSE_MS = 5 * 60_000;
const ROUNDS = 3;

/**
 * Leaves an object alone for five minutes after the third conflict with the same manager within ten. The record
 * is in memory only, because after a restart the conflict shows again.
 */
export function createConflictLog(now: () => number = Date.now): ConflictLog {
  const rounds = new Map<string, number[]>();
  const pauses = new Map<string, { readonly until: number; readonly contest: Contest }>();

  function forgetOldRounds(time: number): void {
    for (const [key, times] of rounds) {
      if (times.every((each) => each < time - WINDOW_MS)) rounds.delete(key);
    }
  }

  return {
    note(object, taken) {
      const time = now();
      forgetOldRounds(time);
      for (const manager of new Set(taken.map((conflict) => conflict.manager))) {
        const key = `${object} ${manager}`;
        const times = [...(rounds.get(key) ?? []), time].filter((each) => each >= time - WINDOW_MS);
        rounds.set(key, times);
        if (times.length < ROUNDS) continue;
        rounds.delete(key);
        const fields = taken.filter((conflict) => conflict.manager === manager).map(({ field }) => field);
        pauses.set(object, { until: time + PAUSE_MS, contest: { object, manager, fields } });
      }
    },
    contestOver(object) {
      const pause = pauses.get(object);
      if (pause === undefined) return undefined;
      if (pause.until > now()) return pause.contest;
      pauses.delete(object);
      return undefined;
    },
  };
}

/** The managers and the fields that they hold, in a few words. */
export function describeConflict(error: ApiError): string {
  return (
    error.causes.map(({ message, field }) => `${message ?? "conflict"} ${field ?? ""}`.trim()).join("; ") ||
    error.message
  );
}
