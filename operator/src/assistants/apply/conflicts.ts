import type { ApiError, FieldConflict } from "../../kube/index.ts";

/** Remembers who keeps changing our fields, so that two programs never fight for ever. */
export interface ConflictLog {
  /** Fields were taken back from others. */
  note(object: string, taken: readonly FieldConflict[]): void;
  /** What to tell while an object is left alone; undefined when it may be applied. */
  pausedFor(object: string): string | undefined;
}

const WINDOW_MS = 10 * 60_000;
const PAUSE_MS = 5 * 60_000;
const ROUNDS = 3;

/**
 * Three times within ten minutes the same manager: the object is left alone for five. In memory on purpose: after a
 * restart the fight is simply noticed again.
 */
export function createConflictLog(now: () => number = Date.now): ConflictLog {
  const rounds = new Map<string, number[]>();
  const pauses = new Map<string, { until: number; message: string }>();
  return {
    note(object, taken) {
      const time = now();
      for (const [key, times] of rounds) {
        if (times.every((each) => each < time - WINDOW_MS)) rounds.delete(key);
      }
      for (const manager of new Set(taken.map((conflict) => conflict.manager))) {
        const key = `${object} ${manager}`;
        const times = [...(rounds.get(key) ?? []), time].filter((each) => each >= time - WINDOW_MS);
        rounds.set(key, times);
        if (times.length < ROUNDS) continue;
        rounds.delete(key);
        const fields = taken.filter((conflict) => conflict.manager === manager).map(({ field }) => field);
        pauses.set(object, {
          until: time + PAUSE_MS,
          message: `"${manager}" keeps changing ${fields.join(", ")} of ${object}, which the TaskAssistant sets. Stop it, or set the field in the TaskAssistant. The object is left as it is for five minutes.`,
        });
      }
    },
    pausedFor(object) {
      const pause = pauses.get(object);
      if (pause === undefined) return undefined;
      if (pause.until > now()) return pause.message;
      pauses.delete(object);
      return undefined;
    },
  };
}

/** Who holds which fields, in a few words. */
export function describeConflict(error: ApiError): string {
  return (
    error.causes.map(({ message, field }) => `${message ?? "conflict"} ${field ?? ""}`.trim()).join("; ") ||
    error.message
  );
}
