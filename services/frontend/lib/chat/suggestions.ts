import { count } from "../strings.ts";
import type { TaskGroups } from "../tasks/task-groups.ts";

export type Suggestion = {
  icon: "overdue" | "today" | "done" | "plan" | "add" | "ask";
  title: string;
  detail: string;
  prompt: string;
};

const STARTERS: readonly Suggestion[] = [
  { icon: "add", title: "Add a first task", detail: "Buy milk, due tomorrow", prompt: "add buy milk tomorrow" },
  {
    icon: "plan",
    title: "Add several at once",
    detail: "Call the bank and water the plants",
    prompt: "add call the bank and water the plants",
  },
  { icon: "today", title: "What is due today?", detail: "Ask at any time", prompt: "what is due today?" },
  { icon: "ask", title: "What can you do?", detail: "A short introduction", prompt: "help" },
];

/** Four prompts made of the person's own tasks; starters fill what the tasks don't give. Plain enough for any model. */
export function suggestionsFor(groups: TaskGroups): readonly Suggestion[] {
  const { overdue, today, upcoming, noDate } = groups;
  const own: Suggestion[] = [];
  const [late] = overdue;
  const [now] = today;
  const [next] = upcoming;
  const [loose] = noDate;
  if (late) {
    const others = overdue.length - 1;
    own.push({
      icon: "overdue",
      title: overdue.length === 1 ? `Move “${short(late.title)}” to today` : "What is overdue?",
      detail: overdue.length === 1 ? "It is overdue" : `${short(late.title)} and ${count(others, "other", "others")}`,
      prompt: overdue.length === 1 ? `move "${late.title}" to today` : "what is overdue?",
    });
  }
  if (now) {
    own.push(
      {
        icon: "today",
        title: "What is due today?",
        detail: count(today.length, "task", "tasks"),
        prompt: "what is due today?",
      },
      {
        icon: "done",
        title: `Mark “${short(now.title)}” as done`,
        detail: "Due today",
        prompt: `mark "${now.title}" as done`,
      },
    );
  }
  if (loose) {
    own.push({
      icon: "plan",
      title: `Plan “${short(loose.title)}” for tomorrow`,
      detail: "It has no date yet",
      prompt: `move "${loose.title}" to tomorrow`,
    });
  }
  if (next) {
    const detail = `${short(next.title)}${upcoming.length > 1 ? ` and ${upcoming.length - 1} more` : ""}`;
    own.push({ icon: "ask", title: "What is coming up?", detail, prompt: "what is coming up this week?" });
  }
  if (own.length === 0) return STARTERS;
  const taken = new Set(own.map(({ prompt }) => prompt));
  return [...own, ...STARTERS.filter(({ prompt }) => !taken.has(prompt))].slice(0, 4);
}

/** The line under the greeting: what the day holds. Null when there are no tasks at all. */
export function daySummary(groups: TaskGroups): string | null {
  const overdue = groups.overdue.length;
  const today = groups.today.length;
  if (overdue + today + groups.upcoming.length + groups.noDate.length + groups.done.length === 0) return null;
  if (overdue === 0 && today === 0)
    return groups.done.length > 0 ? "Everything for today is done." : "Nothing is due today.";
  const late = overdue === 0 ? "" : `${spelled(overdue, "task")} ${overdue === 1 ? "is" : "are"} overdue`;
  const due =
    today === 0
      ? ""
      : `${overdue === 0 ? spelled(today, "task") : number(today)} ${today === 1 ? "is" : "are"} due today`;
  const sentence = [late, due].filter((part) => part !== "").join(", ");
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function number(amount: number): string {
  return NUMBERS[amount] ?? String(amount);
}

function spelled(amount: number, noun: string): string {
  return `${number(amount)} ${amount === 1 ? noun : `${noun}s`}`;
}

function short(title: string): string {
  return title.length > 22 ? `${title.slice(0, 21).trimEnd()}…` : title;
}
