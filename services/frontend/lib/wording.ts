/**
 * What the tool cards say was done and what the day holds: put together from counts, titles and what was asked, with
 * singular and plural. All other sentences are in `strings.ts`.
 */
export const wording = {
  tasks: (amount: number) => count(amount, "task", "tasks"),
  andOthers: (title: string, amount: number) => (amount === 1 ? title : `${title} and ${amount - 1} more`),

  tools: {
    add: {
      running: "Adding",
      one: (title: string) => `Added “${title}”`,
      many: (tasks: string) => `Added ${tasks}`,
      none: "Nothing was added",
    },
    complete: {
      running: "Completing",
      one: (title: string) => `Completed “${title}”`,
      many: (tasks: string) => `Completed ${tasks}`,
      none: "Nothing was completed",
    },
    update: {
      running: "Changing",
      one: (title: string) => `Changed “${title}”`,
      many: (tasks: string) => `Changed ${tasks}`,
      none: "Nothing was changed",
    },
    delete: {
      running: "Moving to the trash",
      one: (title: string) => `Moved “${title}” to the trash`,
      many: (tasks: string) => `Moved ${tasks} to the trash`,
      none: "Nothing was deleted",
    },
    about: (running: string, title: string) => `${running} “${title}”`,
    unfinished: (sentence: string) => `Not finished: ${sentence}`,
    other: {
      running: (name: string) => `Using ${name}`,
      done: (name: string) => `Used ${name}`,
      failed: (name: string) => `${name} failed`,
    },
    list: {
      running: "Looking through your tasks",
      failed: "Your tasks could not be read",
      found: (found: {
        total: number;
        done: boolean;
        query: string | null;
        due: "overdue" | "today" | "byToday" | null;
      }) => {
        const amount = found.total === 0 ? "No" : new Intl.NumberFormat("en").format(found.total);
        const noun = `${found.done ? "done " : ""}${found.total === 1 ? "task" : "tasks"}`;
        const query = found.query === null ? "" : ` with “${found.query}”`;
        const due = { overdue: " overdue", today: " due today", byToday: " due by today" };
        return `${amount} ${noun}${query}${found.due === null ? "" : due[found.due]}`;
      },
    },
  },

  day: {
    allDone: "Everything for today is done.",
    clear: "Nothing is due today.",
    /** "One task is overdue, three are due today." */
    due: (overdue: number, today: number) => {
      const late = overdue === 0 ? "" : `${spelled(overdue)} ${plural(overdue)} ${be(overdue)} overdue`;
      const now =
        today === 0 ? "" : `${spelled(today)}${overdue === 0 ? ` ${plural(today)}` : ""} ${be(today)} due today`;
      const sentence = [late, now].filter((part) => part !== "").join(", ");
      return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
    },
  },
} as const;

const NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

function count(amount: number, one: string, many: string): string {
  return `${new Intl.NumberFormat("en").format(amount)} ${amount === 1 ? one : many}`;
}

function spelled(amount: number): string {
  return NUMBERS[amount] ?? String(amount);
}

function plural(amount: number): string {
  return amount === 1 ? "task" : "tasks";
}

function be(amount: number): string {
  return amount === 1 ? "is" : "are";
}
