import type { DynamicToolUIPart } from "ai";
import { count } from "../strings.ts";
import { isRecord, readToolResult, type ToolTask } from "./tool-results.ts";

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
type Words = { running: string; one: (title: string) => string; many: (tasks: string) => string; failed: string };

const WORDS: Record<Exclude<ToolKind, "list" | "other">, Words> = {
  add: {
    running: "Adding",
    one: (title) => `Added “${title}”`,
    many: (tasks) => `Added ${tasks}`,
    failed: "Nothing was added",
  },
  complete: {
    running: "Completing",
    one: (title) => `Completed “${title}”`,
    many: (tasks) => `Completed ${tasks}`,
    failed: "Nothing was completed",
  },
  update: {
    running: "Changing",
    one: (title) => `Changed “${title}”`,
    many: (tasks) => `Changed ${tasks}`,
    failed: "Nothing was changed",
  },
  delete: {
    running: "Moving to the trash",
    one: (title) => `Moved “${title}” to the trash`,
    many: (tasks) => `Moved ${tasks} to the trash`,
    failed: "Nothing was deleted",
  },
};

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
  if (running && ended) return { kind, state: "failed", tasks, more, failures, sentence: `Not finished: ${sentence}` };
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
  if (kind === "other") {
    const name = toolName.replaceAll("_", " ");
    return state === "running" ? `Using ${name}` : state === "failed" ? `${name} failed` : `Used ${name}`;
  }
  const words = WORDS[kind];
  if (state === "running") return runningSentence(words, calls);
  const [first] = tasks;
  if (tasks.length === 1 && first) return words.one(first.title);
  return tasks.length === 0 ? words.failed : words.many(count(tasks.length, "task", "tasks"));
}

function runningSentence(words: Words, calls: readonly Call[]): string {
  const [input] = calls.map((call) => call.input);
  const title = calls.length === 1 && isRecord(input) && typeof input.title === "string" ? input.title : null;
  return title === null ? words.running : `${words.running} “${title}”`;
}

function listSentence(state: ToolCard["state"], calls: readonly Call[], today: string): string {
  if (state === "running") return "Looking through your tasks";
  if (state === "failed") return "Your tasks could not be read";
  const call = calls.at(-1);
  const result = readToolResult(call?.output);
  const total = result.total ?? result.tasks.length;
  const input = isRecord(call?.input) ? call.input : {};
  const query = typeof input.query === "string" && input.query !== "" ? ` with “${input.query}”` : "";
  const adjective = input.status === "done" ? "done " : "";
  const tasks = `${adjective}${total === 1 ? "task" : "tasks"}`;
  const amount = total === 0 ? "No" : new Intl.NumberFormat("en").format(total);
  return `${amount} ${tasks}${query}${dueWords(input, today)}`;
}

function dueWords({ due_from: from, due_to: to }: Record<string, unknown>, today: string): string {
  if (typeof to === "string" && from === undefined && to < today) return " overdue";
  if (from === today && to === today) return " due today";
  if (from === undefined && to === today) return " due by today";
  return "";
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
