import { type LocalDate, nextOccurrence } from "@taskassistant/dates";
import type { JudgedTask } from "./end-state.ts";

/** What a field has to be: a value, one of several, or a text that matches. */
type Wanted<Value> = Value | readonly Value[] | (Value extends string ? RegExp : never);

/** What the fields of a task have to be. Fields that are not named may be anything. */
export type Fields = { readonly [Name in keyof JudgedTask]?: Wanted<JudgedTask[Name]> };

/** How many occurrences of two rules are compared. */
const OCCURRENCES = 30;

/** The first field that is not as wanted, in a few words. */
export function wrongField(task: JudgedTask, fields: Fields): string | undefined {
  for (const [name, wanted] of Object.entries(fields)) {
    const value = task[name as keyof JudgedTask];
    const choices: readonly unknown[] = Array.isArray(wanted) ? wanted : [wanted];
    const fits = (choice: unknown) =>
      choice instanceof RegExp
        ? choice.test(String(value))
        : name === "repeat"
          ? sameDays(task, value as string | null, choice as string | null)
          : choice === value;
    if (!choices.some(fits))
      return `${name} of “${task.title}” is ${shown(value)}, not ${choices.map(shown).join(" or ")}`;
  }
  return undefined;
}

/** Whether two rules name the same days after the task's own; they can be written in many ways. */
function sameDays({ due }: JudgedTask, one: string | null, other: string | null): boolean {
  if (one === other || one === null || other === null || due === null) return one === other;
  return daysOf(one, due).join() === daysOf(other, due).join();
}

function daysOf(rule: string, due: LocalDate): LocalDate[] {
  const days: LocalDate[] = [];
  let at = { due, repeat: rule };
  for (let occurrence = 1; occurrence <= OCCURRENCES; occurrence += 1) {
    const next = nextOccurrence({ ...at, from: "due", occurrence, today: at.due });
    if (next === undefined) break;
    days.push(next.due);
    at = next;
  }
  return days;
}

function shown(value: unknown): string {
  return value === null || value === "" ? "empty" : String(value);
}
