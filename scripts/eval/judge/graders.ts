import type { EndState, JudgedTask } from "./end-state.ts";
import { type Fields, wrongField } from "./fields.ts";

/** Says in a few words why an end state is wrong; undefined when it is right. */
export type Grader = (end: EndState) => string | undefined;

/** A task that a conversation has to add. What is not given is as in a new task, except for the notes, which are free. */
export type Added = Fields & { readonly title: RegExp };

/** Changes of tasks from before by their names, and new tasks. */
export interface Exactly {
  readonly changed?: Readonly<Record<string, Fields>>;
  readonly added?: readonly Added[];
}

/**
 * These changes and no others: every field that is not named is as before, and nothing else was added. What was added and then
 * moved to the trash does not count.
 */
export function exactly({ changed = {}, added = [] }: Exactly): Grader {
  return (end) => {
    for (const [name, before] of Object.entries(end.before)) {
      const wrong = wrongChange(before, end.now[name], changed[name], end.zone);
      if (wrong !== undefined) return wrong;
    }
    return wrongAdditions(
      end.added.filter(({ trashed }) => !trashed),
      added,
      end.zone,
    );
  };
}

/** Everything is as before. */
export const untouched: Grader = exactly({});

/** One of several ends, where more than one is right. */
export function either(first: Grader, ...others: readonly Grader[]): Grader {
  return (end) => {
    const why = first(end);
    return why === undefined || others.some((other) => other(end) === undefined) ? undefined : why;
  };
}

function wrongChange(
  before: JudgedTask,
  now: JudgedTask | undefined,
  wanted: Fields | undefined,
  zone: string,
): string | undefined {
  if (now === undefined) return gone(before);
  // A zone may come with a changed task, not with one that nobody spoke of.
  const zones = wanted === undefined ? [before.due_zone] : [before.due_zone, null, zone];
  return wrongField(now, { ...before, due_zone: zones, ...wanted });
}

function wrongAdditions(added: readonly JudgedTask[], wanted: readonly Added[], zone: string): string | undefined {
  const left = [...added];
  for (const task of wanted) {
    const named = left.filter(({ title }) => task.title.test(title));
    const [first] = named;
    if (first === undefined) return `no task ${task.title} was added`;
    const right = named.find((one) => wrongAddition(one, task, zone) === undefined);
    if (right === undefined) return wrongAddition(first, task, zone);
    left.splice(left.indexOf(right), 1);
  }
  return left[0] === undefined ? undefined : `“${left[0].title}” was added`;
}

function wrongAddition(task: JudgedTask, wanted: Added, zone: string): string | undefined {
  return wrongField(task, {
    notes: /^/,
    done: false,
    priority: 4,
    due: null,
    due_time: null,
    due_zone: [null, zone],
    repeat: null,
    repeat_from: "due",
    ...wanted,
  });
}

function gone({ title }: JudgedTask): string {
  return `“${title}” is gone for good`;
}
