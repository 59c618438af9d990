import type { JudgedTask, WrittenTask } from "../judge/end-state.ts";

/** When the ends beside this file were written by hand. In Berlin it is a Thursday, 12:30. */
export const NOW = new Date("2026-11-26T11:30:00Z");

/** What a good model leaves behind: what it changed of each task, and what it added. Empty for nothing. */
export interface RightEnd {
  readonly now?: Readonly<Record<string, Partial<JudgedTask>>>;
  readonly added?: readonly WrittenTask[];
}

/** The right ends of each conversation of a theme, by its name; most have one. */
export type RightEnds = Readonly<Record<string, readonly RightEnd[]>>;

/** The same change of `prefix1`, `prefix2` and so on. */
export function all(prefix: string, count: number, change: Partial<JudgedTask>): Record<string, Partial<JudgedTask>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index + 1}`, change]));
}
