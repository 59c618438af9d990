import { strings } from "../strings.ts";
import type { TaskGroups } from "../tasks/task-groups.ts";
import { wording } from "../wording.ts";

export type Suggestion = {
  icon: "overdue" | "today" | "done" | "plan" | "add" | "several" | "ask";
  title: string;
  detail: string;
  prompt: string;
};

const words = strings.suggestions;
const FIRST: Suggestion = { icon: "add", ...words.addFirst };
const STARTERS: readonly Suggestion[] = [
  { icon: "several", ...words.addSeveral },
  { icon: "today", ...words.dueToday, detail: words.anyTime },
  { icon: "ask", ...words.help },
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
        ? {
            icon: "overdue",
            title: words.moveToToday,
            detail: late.title,
            prompt: words.movePrompt(late.title, "today"),
          }
        : { icon: "overdue", ...words.overdue, detail: wording.andOthers(late.title, overdue.length) },
    );
  }
  if (now) {
    own.push(
      { icon: "today", ...words.dueToday, detail: wording.andOthers(now.title, today.length) },
      { icon: "done", title: words.markDone, detail: now.title, prompt: words.donePrompt(now.title) },
    );
  }
  if (loose) {
    const prompt = words.movePrompt(loose.title, "tomorrow");
    own.push({ icon: "plan", title: words.planTomorrow, detail: loose.title, prompt });
  }
  if (next) {
    const open = overdue.length + today.length + upcoming.length + noDate.length;
    own.push({ icon: "ask", ...words.open, detail: wording.tasks(open) });
  }
  if (own.length === 0) return [FIRST, ...STARTERS];
  const taken = new Set(own.map(({ prompt }) => prompt));
  return [...own, ...STARTERS.filter(({ prompt }) => !taken.has(prompt))].slice(0, 4);
}

/** The line under the greeting: what the day holds. Null when there are no tasks at all. */
export function daySummary(groups: TaskGroups): string | null {
  const overdue = groups.overdue.length;
  const today = groups.today.length;
  if (overdue + today + groups.upcoming.length + groups.noDate.length + groups.done.length === 0) return null;
  if (overdue === 0 && today === 0) return groups.done.length > 0 ? wording.day.allDone : wording.day.clear;
  return wording.day.due(overdue, today);
}
