import type { Task } from "@taskassistant/contracts";

/** One task in a line: title, state, date and id, which the next call needs. */
export function line(task: Task): string {
  const due = task.due === null ? "" : `, due ${task.due}`;
  return `${task.title} [${task.id}${due}${task.done ? ", done" : ""}]`;
}

/** "1 task", "2 open tasks". */
export function count(number: number, what = "task"): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** What a bulk call did and did not do, each task in a line. */
export function outcome(
  did: string,
  result: { tasks: readonly Task[]; failures: readonly { message: string }[] },
): string {
  const done = result.tasks.length === 0 ? [] : [`${did} ${count(result.tasks.length)}:`, ...result.tasks.map(line)];
  const failed = result.failures.map(({ message }) => `Not changed: ${message}`);
  return [...done, ...failed].join("\n");
}
