import type { TaskGroups } from "../../tasks/task-groups.ts";
import { words } from "./words.ts";

export interface Suggestion {
  icon: "overdue" | "today" | "done" | "plan" | "add" | "several" | "ask";
  title: string;
  detail: string;
  prompt: string;
}

/** Four prompts made from the person's own tasks, filled up with general ones. Plain enough for any model. */
export function suggestionsFor(groups: TaskGroups): readonly Suggestion[] {
  const { suggestions: said } = words;
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
            title: said.moveToToday,
            detail: late.title,
            prompt: said.movePrompt(late.title, "today"),
          }
        : { icon: "overdue", ...said.overdue, detail: said.andOthers(late.title, overdue.length) },
    );
  }
  if (now) {
    own.push(
      { icon: "today", ...said.dueToday, detail: said.andOthers(now.title, today.length) },
      { icon: "done", title: said.markDone, detail: now.title, prompt: said.donePrompt(now.title) },
    );
  }
  if (loose) {
    const prompt = said.movePrompt(loose.title, "tomorrow");
    own.push({ icon: "plan", title: said.planTomorrow, detail: loose.title, prompt });
  }
  if (next) {
    const open = overdue.length + today.length + upcoming.length + noDate.length;
    own.push({ icon: "ask", ...said.open, detail: said.count(open) });
  }
  const starters: readonly Suggestion[] = [
    { icon: "several", ...said.addSeveral },
    { icon: "today", ...said.dueToday, detail: said.anyTime },
    { icon: "ask", ...said.help },
  ];
  if (own.length === 0) return [{ icon: "add", ...said.addFirst }, ...starters];
  const taken = new Set(own.map(({ prompt }) => prompt));
  return [...own, ...starters.filter(({ prompt }) => !taken.has(prompt))].slice(0, 4);
}

/** The line under the greeting: what the day holds. */
export function daySummary(groups: TaskGroups): string {
  const overdue = groups.overdue.length;
  const today = groups.today.length;
  if (overdue + today + groups.upcoming.length + groups.noDate.length + groups.done.length === 0)
    return words.day.empty;
  if (overdue === 0 && today === 0) return groups.done.length > 0 ? words.day.allDone : words.day.clear;
  return words.day.due(overdue, today);
}
