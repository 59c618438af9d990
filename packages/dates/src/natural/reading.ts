import type { LocalDate } from "../local-date.ts";

/** A time of day on a 24-hour clock, `HH:MM`. */
export type LocalTime = string;

/** What a person's surroundings say about their dates. */
export interface Surroundings {
  /** The person's day and time of day, in their own zone. */
  readonly today: LocalDate;
  readonly time: LocalTime;
  /** BCP 47 tag of the person's language: it decides the order of numeric dates and which words are read. */
  readonly locale: string;
  /** First day of the week, 0 is Sunday; Monday unless given. */
  readonly weekStart?: number;
}

/** How a task comes back. */
export interface Repeat {
  /** An RRULE of RFC 5545 without its name, such as `FREQ=WEEKLY;BYDAY=MO,WE`. */
  readonly rrule: string;
  /** Whether the next date is counted from the date that was due, or from the day of completion. */
  readonly from: "due" | "completion";
}

export type PartKind = "date" | "time" | "repeat" | "priority" | "label" | "tag";

/** A part of the text that was understood, by its place in the text (UTF-16 units, `end` is after the last). */
export interface Part {
  readonly kind: PartKind;
  readonly start: number;
  readonly end: number;
  /** The characters themselves. */
  readonly text: string;
}

/** A date that the calendar does not have. `month` is 1-12; absent when only the year and month are wrong. */
export interface ImpossibleDate {
  readonly text: string;
  readonly day: number;
  readonly month: number;
}

/** A typed line in parts. What was not understood is in the title, so nothing typed is lost. */
export interface Reading {
  readonly title: string;
  readonly due: LocalDate | null;
  readonly time: LocalTime | null;
  readonly repeat: Repeat | null;
  /** 1 (highest) to 4. */
  readonly priority: number | null;
  /** The words behind `#`, in the order typed. Whether one is a project or a tag is known where the projects are. */
  readonly labels: readonly string[];
  /** The words behind `@`, in the order typed. */
  readonly tags: readonly string[];
  readonly parts: readonly Part[];
  /** A date that does not exist and therefore stayed in the title. */
  readonly impossible: ImpossibleDate | null;
}
