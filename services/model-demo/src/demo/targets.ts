import { TOOLS } from "@taskassistant/contracts";
import type { Run } from "./history.ts";
import { type Filter, parseIntent, type Target } from "./intent.ts";
import { readResult, type SeenTask } from "./results.ts";

/** The task ids a sentence means; or a lookup that has to come first; or why there are none. */
export type Resolved =
  | { kind: "tasks"; ids: string[] }
  | { kind: "lookup"; filter: Filter }
  | { kind: "none"; say: string }
  | { kind: "several"; tasks: readonly SeenTask[]; words: string };

/**
 * Finds the tasks that are meant. Numbers count in the last list that was shown; titles are looked up in a list.
 * `runs` ends with the current run, whose lookup (if it was made) is used.
 */
export function resolveTarget(
  target: Target,
  runs: readonly Run[],
  today: string,
  status: "open" | "done" | "all",
): Resolved {
  const lookup = runs.at(-1)?.tools.find((tool) => tool.name === TOOLS.listTasks.name);
  const found = lookup === undefined ? undefined : readResult(lookup);
  if (found !== undefined && "error" in found) return { kind: "none", say: `I could not look it up: ${found.error}` };

  if (target.kind === "words") {
    return found === undefined
      ? { kind: "lookup", filter: { query: target.words, status } }
      : pickByWords(target.words, found.tasks, status);
  }
  if (target.kind === "last") {
    const last = lastTouched(runs.slice(0, -1));
    return last === undefined
      ? { kind: "none", say: "I don't know which task you mean. Say its number or its title." }
      : { kind: "tasks", ids: [last] };
  }
  const list = lastShown(runs.slice(0, -1), today) ?? found?.tasks;
  if (list === undefined) return { kind: "lookup", filter: { status } };
  return pickByNumbers(target.numbers, list);
}

/** The task as a tool has shown it last. */
export function lastSeen(id: string, runs: readonly Run[]): SeenTask | undefined {
  for (const tool of runs.flatMap(({ tools }) => tools).toReversed()) {
    const result = readResult(tool);
    const task = "error" in result ? undefined : result.tasks.find((each) => each.id === id);
    if (task !== undefined) return task;
  }
  return undefined;
}

function pickByNumbers(numbers: readonly number[], list: readonly SeenTask[]): Resolved {
  const missing = numbers.filter((number) => list[number - 1] === undefined);
  if (missing.length > 0) {
    const has = list.length === 0 ? "is empty" : list.length === 1 ? "has only one task" : `has ${list.length} tasks`;
    return { kind: "none", say: `There is no number ${missing.join(" or ")}: the list ${has}.` };
  }
  return { kind: "tasks", ids: [...new Set(numbers)].flatMap((number) => list[number - 1]?.id ?? []) };
}

function pickByWords(words: string, tasks: readonly SeenTask[], status: string): Resolved {
  const same = tasks.filter((task) => task.title.toLowerCase() === words.toLowerCase());
  const candidates = same.length > 0 ? same : tasks;
  const [only, ...more] = candidates;
  if (only === undefined) {
    return { kind: "none", say: `I found no ${status === "all" ? "" : `${status} `}task that matches “${words}”.` };
  }
  return more.length === 0 ? { kind: "tasks", ids: [only.id] } : { kind: "several", tasks: candidates, words };
}

/** The tasks in the order the user last saw them numbered: an asked-for list, or the matches of an unclear title. */
function lastShown(runs: readonly Run[], today: string): readonly SeenTask[] | undefined {
  for (const run of runs.toReversed()) {
    const listed = run.tools.findLast((tool) => tool.name === TOOLS.listTasks.name);
    if (listed === undefined) continue;
    const result = readResult(listed);
    if ("error" in result) continue;
    const intent = parseIntent(run.user, today);
    if (intent.kind === "list") return result.tasks;
    if ("target" in intent && intent.target.kind === "words") {
      const picked = pickByWords(intent.target.words, result.tasks, "all");
      if (picked.kind === "several") return picked.tasks;
    }
  }
  return undefined;
}

/** The task that was added or changed last. */
function lastTouched(runs: readonly Run[]): string | undefined {
  for (const run of runs.toReversed()) {
    for (const tool of run.tools.toReversed()) {
      if (tool.name === TOOLS.listTasks.name) continue;
      const result = readResult(tool);
      const id = "error" in result ? undefined : result.tasks.at(-1)?.id;
      if (id !== undefined) return id;
    }
  }
  return undefined;
}
