import { isRecord } from "@taskassistant/contracts/records";
import type { DynamicToolUIPart } from "ai";
import { wording } from "../wording.ts";
import { readToolResult, type ToolTask } from "./tool-results.ts";

export type ToolKind = "add" | "list" | "complete" | "update" | "delete" | "other";

/** One card: what happened in a sentence, the tasks it concerns, and what went wrong. */
export type ToolCard = {
  kind: ToolKind;
  state: "running" | "done" | "failed";
  sentence: string;
  tasks: readonly ToolTask[];
  /** How many more there are than the result could carry. */
  more: number;
  /** Sentences of calls or single tasks that failed. */
  failures: readonly string[];
};

type Call = Pick<DynamicToolUIPart, "state" | "input" | "output" | "errorText">;
/**
 * Describes neighbouring calls of one tool as one card. `today` tells "due today" from other dates; `ended` says that
 * the turn is over, so that a call without a result is not shown as running for ever.
 */
export function describeTools(toolName: string, calls: readonly Call[], today: string, ended = false): ToolCard {
  const kind = kindOf(toolName);
  const results = calls.map((call) => readToolResult(call.output));
  const tasks = distinct(results.flatMap((result) => result.tasks));
  const failures = [
    ...calls.flatMap((call) => (call.errorText === undefined ? [] : [call.errorText])),
    ...results.flatMap((result) => result.failures),
  ];
  const running = calls.some((call) => call.state !== "output-available" && call.state !== "output-error");
  const failed = failures.length > 0 && tasks.length === 0 && calls.every((call) => call.state !== "input-available");
  const state = running ? "running" : failed ? "failed" : "done";
  const more = kind === "list" ? Math.max(0, (results.at(-1)?.total ?? 0) - tasks.length) : 0;
  const sentence = sentenceOf(kind, toolName, state, calls, tasks, today);
  if (running && ended)
    return { kind, state: "failed", tasks, more, failures, sentence: wording.tools.unfinished(sentence) };
  return { kind, state, tasks, more, failures, sentence };
}

function sentenceOf(
  kind: ToolKind,
  toolName: string,
  state: ToolCard["state"],
  calls: readonly Call[],
  tasks: readonly ToolTask[],
  today: string,
): string {
  if (kind === "list") return listSentence(state, calls, today);
  if (kind === "other") return wording.tools.other[state](toolName.replaceAll("_", " "));
  const words = wording.tools[kind];
  if (state === "running") {
    const title = calls.length === 1 ? titleOf(calls[0]) : null;
    return title === null ? words.running : wording.tools.about(words.running, title);
  }
  const [first] = tasks;
  if (tasks.length === 1 && first) return words.one(first.title);
  return tasks.length === 0 ? words.none : words.many(wording.tasks(tasks.length));
}

function titleOf(call: Call | undefined): string | null {
  return isRecord(call?.input) && typeof call.input.title === "string" ? call.input.title : null;
}

function listSentence(state: ToolCard["state"], calls: readonly Call[], today: string): string {
  if (state !== "done") return wording.tools.list[state];
  const call = calls.at(-1);
  const result = readToolResult(call?.output);
  const input = isRecord(call?.input) ? call.input : {};
  return wording.tools.list.found({
    total: result.total ?? result.tasks.length,
    done: input.status === "done",
    query: typeof input.query === "string" && input.query !== "" ? input.query : null,
    due: dueOf(input, today),
  });
}

function dueOf({ due_from: from, due_to: to }: Record<string, unknown>, today: string) {
  if (typeof to === "string" && from === undefined && to < today) return "overdue";
  if (from === today && to === today) return "today";
  return from === undefined && to === today ? "byToday" : null;
}

function kindOf(toolName: string): ToolKind {
  const known: Record<string, ToolKind> = {
    add_task: "add",
    list_tasks: "list",
    complete_task: "complete",
    update_task: "update",
    delete_task: "delete",
  };
  return known[toolName] ?? "other";
}

/** The latest word on each task, in the order they came up. */
function distinct(tasks: readonly ToolTask[]): readonly ToolTask[] {
  const byKey = new Map<string, ToolTask>();
  for (const [index, task] of tasks.entries()) byKey.set(task.id ?? `#${index}`, task);
  return [...byKey.values()];
}
