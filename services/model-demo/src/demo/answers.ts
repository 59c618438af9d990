import { MONTH_NAMES } from "@taskassistant/dates";
import type { ToolRound } from "./history.ts";
import type { Intent } from "./intent.ts";
import { readResult, type SeenTask } from "./results.ts";
import { spoken } from "./spoken.ts";
import { capitalise, countOf, enumerate } from "./text.ts";

export const HELP = [
  "I am the demo model: small, predictable, and without a network. I understand sentences like these:",
  "",
  "- add buy milk tomorrow · remind me to call mum on friday",
  "- what's open? · what is due today? · what is overdue?",
  "- done 2 · complete buy milk",
  "- rename 1 to Buy oat milk · move buy milk to monday",
  "- add report in project Work, tagged urgent · move 1 to project Home · tag it calls · what's open in project Work?",
  "- delete 3",
  "",
  "Numbers count in the list I showed last.",
].join("\n");

export const HELLO =
  "Hello! I am the demo model and can look after your tasks. Try “add buy milk tomorrow”, “what's open?” or “done 1”; “help” shows more.";

export const THANKS = "You're welcome.";

export const UNKNOWN =
  "I am only the demo model and did not understand that. Try “add buy milk tomorrow”, “what's open?”, “done 1” or “delete buy milk”; “help” shows more.";

export const TOO_LONG = "I am only the demo model and can't read that much at once. Send it in parts.";

/** What to say after the tools that carry an intent out have answered. */
export function answerOf(intent: Intent, rounds: readonly ToolRound[], today: string): string {
  const results = rounds.map(readResult);
  const tasks = results.flatMap((result) => ("error" in result ? [] : result.tasks));
  const problems = results.flatMap((result) => ("error" in result ? [result.error] : result.failures));
  const total = results.reduce((sum, result) => sum + ("error" in result ? 0 : result.total), 0);
  const trouble = problems.length === 0 ? "" : `That did not work: ${problems.join("; ")}`;
  if (problems.length > 0 && tasks.length === 0) return trouble;
  return [said(intent, tasks, total, today), trouble].filter((text) => text !== "").join(" ");
}

/** The answer to a date that the calendar does not have. */
export function noSuchDay({ day, month }: { readonly day: number; readonly month: number }): string {
  return `${day} ${capitalise(MONTH_NAMES[month - 1] ?? `of month ${month}`)} does not exist. Which day?`;
}

/** The question that is left when a title fits several tasks. */
export function askWhich(words: string, tasks: readonly SeenTask[], today: string): string {
  const count = countOf(tasks.length, "task");
  return `${count} match “${words}”:\n\n${numbered(tasks, today)}\n\nWhich one? Say its number, for example “done 1”.`;
}

function said(intent: Intent, tasks: readonly SeenTask[], total: number, today: string): string {
  const names = enumerate(tasks.map((task) => `“${task.title}”`));
  switch (intent.kind) {
    case "add":
      return saidAdded(tasks, today);
    case "list":
      return saidList(intent.label, tasks, total, today);
    case "complete":
      return `Done: ${names}.`;
    case "reopen":
      return `${names} ${tasks.length === 1 ? "is" : "are"} open again.`;
    case "delete":
      return `Moved ${names} to the trash.`;
    case "rename":
      return `Renamed to ${names}.`;
    case "file": {
      const verb = tasks.length === 1 ? "is" : "are";
      return intent.project === null
        ? `${names} ${verb} in no project any more.`
        : `${names} ${verb} now in project “${tasks[0]?.project ?? intent.project}”.`;
    }
    case "tag":
      return `${names} ${tasks.length === 1 ? "has" : "have"} ${saidTags(tasks[0]?.tags ?? [])} now.`;
    case "move": {
      const verb = tasks.length === 1 ? "is" : "are";
      if (intent.due === null) return `${names} ${verb === "is" ? "has" : "have"} no due date any more.`;
      return `${names} ${verb} now due ${when(intent.due, today)}.`;
    }
    default:
      return "";
  }
}

function saidAdded(tasks: readonly SeenTask[], today: string): string {
  const each = tasks.map((task) => `“${task.title}”${saidLabels(task)}${saidWhen(task, today)}`);
  return tasks.length === 1 ? `Added ${each[0]}.` : `Added ${countOf(tasks.length, "task")}: ${enumerate(each)}.`;
}

function saidTags(tags: readonly string[]): string {
  if (tags.length === 0) return "no tags";
  return `${tags.length === 1 ? "the tag" : "the tags"} ${enumerate(tags.map((tag) => `“${tag}”`))}`;
}

function saidLabels({ project, tags = [] }: SeenTask): string {
  const inProject = project ? ` in project “${project}”` : "";
  return tags.length === 0 ? inProject : `${inProject} with ${saidTags(tags)}`;
}

function saidWhen({ due, due_time, repeat }: SeenTask, today: string): string {
  if (due === null) return "";
  return ` for ${spoken(due, today)}${due_time ? ` at ${due_time}` : ""}${repeat ? ", and it repeats" : ""}`;
}

function saidList(label: string, tasks: readonly SeenTask[], total: number, today: string): string {
  const adjective = label === "open" || label === "done" || label === "overdue";
  const noun = (count: number | "no") => {
    const plural = count === 1 ? "task" : "tasks";
    return adjective ? `${count} ${label} ${plural}` : `${count} ${plural}${label === "" ? "" : ` ${label}`}`;
  };
  if (tasks.length === 0)
    return label === "open" ? "Nothing is open. Enjoy it, or tell me what needs doing." : `You have ${noun("no")}.`;
  const more = total > tasks.length ? `\n\nThese are the first ${tasks.length}.` : "";
  return `You have ${noun(total)}:\n\n${numbered(tasks, today)}${more}`;
}

function numbered(tasks: readonly SeenTask[], today: string): string {
  return tasks
    .map((task, index) => {
      const late = task.due !== null && task.due < today && !task.done ? ", overdue" : "";
      const time = task.due_time ? ` at ${task.due_time}` : "";
      const due = task.due === null ? "" : ` (${capitalise(spoken(task.due, today))}${time}${late})`;
      return `${index + 1}. ${task.title}${due}${task.done ? " ✓" : ""}`;
    })
    .join("\n");
}

function when(date: string, today: string): string {
  const text = spoken(date, today);
  return /^[A-Z]/.test(text) ? `on ${text}` : text;
}
