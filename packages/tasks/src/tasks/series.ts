import { assertRepeats, type LocalDate, localDateIn, nextOccurrence, RuleError } from "@taskassistant/dates";
import type { TaskTable } from "@taskassistant/db";
import type { Selectable } from "kysely";
import type { Tx } from "../bind-to-user.ts";
import { newId } from "../id.ts";
import { setTags } from "../labels/mention.ts";
import { InvalidTaskError } from "./errors.ts";
import type { TaskRow } from "./row.ts";

/** A task as a series sees it. */
type SeriesRow = TaskRow & Pick<Selectable<TaskTable>, "series_id" | "project_id">;

/** A day for rules that are checked without one: the rule's own days decide. */
const ANY_DAY = "2024-01-01";

/** Throws InvalidTaskError for a rule that can't be read or names no day. */
export function assertRule(repeat: string | null | undefined, due: LocalDate | null | undefined): void {
  if (repeat === null || repeat === undefined) return;
  try {
    assertRepeats(repeat, due ?? ANY_DAY);
  } catch (error) {
    if (error instanceof RuleError) throw new InvalidTaskError("repeat", `repeat: ${error.message}`, { cause: error });
    throw error;
  }
}

/**
 * Adds the next occurrence of each of these tasks that repeats and is done. A series has each occurrence once: where the next
 * one exists, by another request or a repetition of this one, nothing is added.
 */
export async function makeNextOf(tx: Tx, userId: string, done: readonly SeriesRow[]): Promise<void> {
  const rows = done.flatMap(nextRow);
  if (rows.length === 0) return;
  const made = await tx
    .insertInto("app.task")
    .values(rows.map(({ next }) => ({ user_id: userId, ...next })))
    .onConflict((conflict) =>
      conflict.columns(["user_id", "series_id", "occurrence"]).where("series_id", "is not", null).doNothing(),
    )
    .returning("id")
    .execute();
  const isMade = new Set(made.map(({ id }) => id));
  for (const { next, tags } of rows) {
    if (isMade.has(next.id) && tags.length > 0) await setTags(tx, userId, next.id, tags);
  }
}

function nextRow(row: SeriesRow) {
  const { title, notes, priority, due, due_time, due_zone, repeat, repeat_from, occurrence, project_id, tags } = row;
  if (repeat === null || due === null) return [];
  const today = localDateIn(row.completed_at ?? new Date(), due_zone ?? "UTC");
  const next = nextOccurrence({ repeat, from: repeat_from, due, occurrence, today });
  if (next === undefined) return [];
  const series = { series_id: row.series_id ?? row.id, occurrence: occurrence + 1 };
  const kept = { title, notes, priority, due_time, due_zone, repeat_from, project_id };
  return [{ next: { id: newId("t"), ...kept, ...next, ...series }, tags }];
}

/** Takes back the next occurrence of a task that is opened again, unless somebody has touched it. */
export async function dropNextOf(tx: Tx, userId: string, row: SeriesRow): Promise<void> {
  if (row.repeat === null) return;
  await tx
    .deleteFrom("app.task")
    .where("user_id", "=", userId)
    .where("series_id", "=", row.series_id ?? row.id)
    .where("occurrence", "=", row.occurrence + 1)
    .where("version", "=", 1)
    .execute();
}

/** The constraint that holds a time, a zone and a repetition to a day. */
const NEEDS_DUE = "task_needs_due";

/** Waits for a change; what the database refuses because the task has no day is an InvalidTaskError. */
export async function withDueError<Result>(change: Promise<Result>): Promise<Result> {
  try {
    return await change;
  } catch (error) {
    if (!(error instanceof Error && "constraint" in error && error.constraint === NEEDS_DUE)) throw error;
    throw new InvalidTaskError("due", "due: the task has no due day; a time, a zone or a repetition needs one", {
      cause: error,
    });
  }
}
