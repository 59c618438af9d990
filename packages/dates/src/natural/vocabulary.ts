/** A unit that counts of time are given in. */
export type Unit = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

/** The words of one language. All are in lower case and without punctuation. */
export interface Vocabulary {
  /** By number, 0 is Sunday. The last of each list are short forms that are also other words. */
  readonly weekdays: readonly (readonly string[])[];
  /** Short forms that mean a weekday only where nothing else is possible. */
  readonly shortWeekdays: ReadonlySet<string>;
  /** Weekdays in the sense of "each", such as "mondays" and "montags". */
  readonly everyWeekday: readonly string[];
  readonly months: readonly (readonly string[])[];
  readonly numbers: Readonly<Record<string, number>>;
  readonly ordinals: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, Unit>>;
  /** Behind these a date is meant wherever it stands: "on", "by". */
  readonly strongPrepositions: ReadonlySet<string>;
  /** These belong to a date at the edge of the text: "for". */
  readonly weakPrepositions: ReadonlySet<string>;
  /** Words that make the word behind them a noun: "the", "black". */
  readonly nounMakers: ReadonlySet<string>;
  /** Prepositions that begin something else behind a time: "at 4 with Bob". */
  readonly goesOn: ReadonlySet<string>;
  readonly today: readonly string[];
  readonly tomorrow: readonly string[];
  readonly dayAfterTomorrow: readonly string[];
  readonly yesterday: readonly string[];
  readonly next: ReadonlySet<string>;
  readonly this: ReadonlySet<string>;
  /** "coming": the next occurrence. */
  readonly coming: ReadonlySet<string>;
  readonly last: ReadonlySet<string>;
  readonly every: ReadonlySet<string>;
  readonly other: ReadonlySet<string>;
  readonly and: ReadonlySet<string>;
  readonly to: ReadonlySet<string>;
  readonly the: ReadonlySet<string>;
  readonly of: ReadonlySet<string>;
  readonly in: ReadonlySet<string>;
  readonly at: ReadonlySet<string>;
  readonly oClock: ReadonlySet<string>;
  readonly am: ReadonlySet<string>;
  readonly pm: ReadonlySet<string>;
  readonly weekend: ReadonlySet<string>;
  readonly workday: ReadonlySet<string>;
  readonly end: ReadonlySet<string>;
  readonly start: ReadonlySet<string>;
  readonly middle: ReadonlySet<string>;
  /** Words such as "daily", with what they repeat by. */
  readonly adverbs: Readonly<Record<string, Unit | "workday">>;
  /** Parts of the day and the time they stand for. */
  readonly dayParts: Readonly<Record<string, string>>;
  /** Single words for a day and a part of it: "tonight". */
  readonly tonight: ReadonlySet<string>;
  readonly untilWords: ReadonlySet<string>;
  /** "from now", "after completion". */
  readonly fromNow: readonly (readonly string[])[];
  readonly afterCompletion: readonly (readonly string[])[];
}
