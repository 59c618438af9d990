import { count } from "../strings.ts";
import type { TaskGroups } from "../tasks/task-groups.ts";

export type Suggestion = {
  icon: "overdue" | "today" | "done" | "plan" | "add" | "several" | "ask";
  title: string;
  detail: string;
  prompt: string;
};

const STARTERS: readonly Suggestion[] = [
  { icon: "add", title: "Add a first task", detail: "Buy milk, due tomorrow", prompt: "add buy milk tomorrow" },
  {
    icon: "several",
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
    own.push(
      overdue.length === 1
        ? { icon: "overdue", title: "Move it to today", detail: late.title, prompt: `move "${late.title}" to today` }
        : {
            icon: "overdue",
            title: "What is overdue?",
            detail: andOthers(late.title, overdue.length),
            prompt: "what is overdue?",
          },
    );
  }
  if (now) {
    own.push(
      {
        icon: "today",
        title: "What is due today?",
        detail: andOthers(now.title, today.length),
        prompt: "what is due today?",
      },
      { icon: "done", title: "Mark it as done", detail: now.title, prompt: `mark "${now.title}" as done` },
    );
  }
  if (loose) {
    own.push({
      icon: "plan",
      title: "Plan it for tomorrow",
      detail: loose.title,
      prompt: `move "${loose.title}" to tomorrow`,
    });
  }
  if (next) {
    const open = overdue.length + today.length + upcoming.length + noDate.length;
    own.push({
      icon: "ask",
      title: "What is still open?",
      detail: count(open, "task", "tasks"),
      prompt: "list my open tasks",
    });
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

function andOthers(title: string, amount: number): string {
  return amount === 1 ? title : `${title} and ${amount - 1} more`;
}
