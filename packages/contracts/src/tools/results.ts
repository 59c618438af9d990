import { isRecord } from "../records.ts";
import type { Task } from "../tasks.ts";
import type { OutputShape } from "./tool.ts";

/** What a tool did, whatever the shape of its output. */
export interface ToolOutcome {
  readonly tasks: readonly Task[];
  /** How many tasks there are in all. A page carries some of them, and a long result is cut before it is stored. */
  readonly total: number;
  /** Sentences, one for each task that could not be changed. */
  readonly failures: readonly string[];
}

/**
 * Reads the output of a tool as the API stores and streams it, by the tool's shape in the catalogue. An output without
 * structure, such as the text of a result that was too long, has no tasks.
 */
export function readToolOutput(shape: OutputShape, output: unknown): ToolOutcome {
  if (!isRecord(output)) return { tasks: [], total: 0, failures: [] };
  const tasks = (shape === "task" ? [output.task] : listOf(output.tasks)).filter(isTask);
  const total = shape === "page" && typeof output.total === "number" ? output.total : tasks.length;
  return { tasks, total, failures: shape === "changes" ? listOf(output.failures).flatMap(messageOf) : [] };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Older messages are stored as they were: what a page shows of a task must be there, the rest comes with it. */
function isTask(value: unknown): value is Task {
  return isRecord(value) && typeof value.id === "string" && typeof value.title === "string";
}

function messageOf(failure: unknown): string[] {
  return isRecord(failure) && typeof failure.message === "string" ? [failure.message] : [];
}
