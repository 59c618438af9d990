import type { Task } from "@taskassistant/contracts";
import { isRecord } from "@taskassistant/contracts/records";

/** A task as far as a tool call's words tell it. */
export type ToolTask = Pick<Task, "title"> & Partial<Task>;
export type ToolResult = { tasks: readonly ToolTask[]; total: number | null; failures: readonly string[] };

/**
 * Reads the tasks out of a tool's output. Tools answer `{task}`, `{tasks, total?}` or `{tasks, failures}`, bare or
 * inside MCP's `structuredContent`; anything else has no tasks and is still shown behind the card's details.
 */
export function readToolResult(output: unknown): ToolResult {
  const body = unwrap(output);
  if (!isRecord(body)) return { tasks: [], total: null, failures: [] };
  const listed = Array.isArray(body.tasks) ? body.tasks : isRecord(body.task) ? [body.task] : [body];
  const failures = Array.isArray(body.failures) ? body.failures : [];
  return {
    tasks: listed.filter(isTask),
    total: typeof body.total === "number" ? body.total : null,
    failures: failures.flatMap((failure) =>
      isRecord(failure) && typeof failure.message === "string" ? [failure.message] : [],
    ),
  };
}

function unwrap(output: unknown): unknown {
  if (typeof output === "string") return parsed(output);
  if (!isRecord(output)) return output;
  if (isRecord(output.structuredContent)) return output.structuredContent;
  const [first] = Array.isArray(output.content) ? output.content : [];
  return isRecord(first) && typeof first.text === "string" ? parsed(first.text) : output;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isTask(value: unknown): value is ToolTask {
  return isRecord(value) && typeof value.title === "string";
}
