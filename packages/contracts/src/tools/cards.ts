/** Names of lucide icons that cards use. */
export type CardIcon = "circle-check" | "list-checks" | "pencil-line" | "trash-2" | "undo-2";

/** How the page can take back what a card shows: move the tasks to the trash, open them again, or take them out of the trash. */
export type CardUndo = "remove" | "reopen" | "restore";

/** The card of a tool that looks something up. */
export interface LookupCard {
  readonly kind: "lookup";
  readonly icon: CardIcon;
  readonly words: {
    readonly running: string;
    readonly failed: string;
    readonly found: (found: Found) => string;
  };
}

/** The card of a tool that changes tasks. */
export interface ChangeCard {
  readonly kind: "change";
  readonly icon: CardIcon;
  readonly words: {
    readonly running: string;
    /** One task, by its title. */
    readonly one: (title: string) => string;
    /** Several tasks, counted: "3 tasks". */
    readonly many: (tasks: string) => string;
    readonly none: string;
  };
  /** The tasks are no longer in the list, so their cards offer nothing to do with them. */
  readonly gone?: true;
  /** The due date of a single task is worth showing beside the sentence. */
  readonly showsDue?: true;
  readonly undo?: CardUndo;
}

export type Card = LookupCard | ChangeCard;

/** What a look-up was asked and what it found. */
export interface Found {
  readonly titles: readonly string[];
  /** How many there are in all, which can be more than the result carries. */
  readonly total: number;
  /** The arguments of the call, as the model wrote them. */
  readonly input: Readonly<Record<string, unknown>>;
  /** The person's calendar day, `YYYY-MM-DD`. */
  readonly today: string;
}

/** "No tasks", "12 tasks with “milk”", "2 done tasks", "3 tasks in “Work” due today". */
export function foundTasks({ total, input, today }: Found): string {
  const amount = total === 0 ? "No" : new Intl.NumberFormat("en").format(total);
  const noun = `${input.status === "done" ? "done " : ""}${total === 1 ? "task" : "tasks"}`;
  const query = typeof input.query === "string" && input.query !== "" ? ` with “${input.query}”` : "";
  const project = typeof input.project === "string" && input.project !== "" ? ` in “${input.project}”` : "";
  const tag = typeof input.tag === "string" && input.tag !== "" ? ` tagged “${input.tag}”` : "";
  return `${amount} ${noun}${query}${project}${tag}${duePeriod(input, today)}`;
}

function duePeriod(input: Found["input"], today: string): string {
  // Some models send null or an empty text for what they leave out.
  const from = input.due_from || undefined;
  const to = input.due_to;
  if (typeof to !== "string" || to === "") return "";
  if (from === undefined && to < today) return " overdue";
  if (from === today && to === today) return " due today";
  return from === undefined && to === today ? " due by today" : "";
}

/** "No tasks are in the trash", "12 tasks are in the trash". */
export function trashedTasks({ total }: Found): string {
  if (total === 0) return "The trash is empty";
  return total === 1 ? "1 task is in the trash" : `${new Intl.NumberFormat("en").format(total)} tasks are in the trash`;
}
