import type { LocalDate } from "../local-date.ts";
import type { LocalTime } from "./reading.ts";
import type { RepeatRule } from "./repeat-rule.ts";

/**
 * Where words are taken as a date: `sure` anywhere, `edge` at the beginning or the end of the text, `end` at its end
 * only, `beside` next to words that are taken.
 */
export type Strength = "sure" | "edge" | "end" | "beside";

/** What a stretch of words means. */
export interface Found {
  /** Index of the first word, and of the one behind the last. */
  readonly from: number;
  readonly to: number;
  readonly strength: Strength;
  readonly day?: LocalDate;
  readonly time?: LocalTime;
  /** Index of the first word of the time, when words before it name the day. */
  readonly timeFrom?: number;
  readonly repeat?: RepeatRule;
  readonly priority?: number;
  readonly label?: string;
  readonly tag?: string;
  /** The hour as typed, where it may be one before or after noon. */
  readonly openHour?: number;
  /** The time stands for a part of the day. */
  readonly isDayPart?: boolean;
  /** Index of the first word behind the prepositions. */
  readonly head?: number;
  /** The numbers of a date that the calendar does not have. */
  readonly impossible?: { readonly day: number; readonly month: number };
}

/** The longest of some findings; the first of those of the same length. */
export function longest(found: readonly (Found | undefined)[]): Found | undefined {
  let best: Found | undefined;
  for (const each of found) if (each !== undefined && (best === undefined || each.to > best.to)) best = each;
  return best;
}
