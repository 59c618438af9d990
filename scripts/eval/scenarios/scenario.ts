import type { Calendar } from "../judge/calendar.ts";
import type { WrittenTask } from "../judge/end-state.ts";
import type { Grader } from "../judge/graders.ts";

/** One conversation. Days are only known when it is held. */
export interface Scenario {
  /** Says what a model can do wrong, in a few words. */
  readonly name: string;
  /** The person's time zone, an IANA name. Europe/Berlin unless given. */
  readonly zone?: string;
  play(on: Calendar): Play;
}

export interface Play {
  /** The person's tasks, by names of the scenario's own. */
  readonly before?: Readonly<Record<string, WrittenTask>>;
  /** The person's messages. Each waits for the answer to the one before, whatever that answer is. */
  readonly says: readonly string[];
  readonly ends: Grader;
}

/** Conversations about one thing. */
export interface Theme {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

export const DEFAULT_ZONE = "Europe/Berlin";

/** Tasks of one kind, named `prefix1`, `prefix2` and so on. */
export function several(
  prefix: string,
  count: number,
  task: (number: number) => WrittenTask,
): Record<string, WrittenTask> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index + 1}`, task(index + 1)]));
}

/** The same for each of these names. */
export function each<Value>(names: readonly string[], value: Value): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
