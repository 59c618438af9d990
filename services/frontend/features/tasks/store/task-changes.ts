import type { Task } from "@taskassistant/contracts";

/** Ids of tasks that are new or have a new version. The panel marks them for a few seconds. */
export function changedIds(before: readonly Task[], after: readonly Task[]): string[] {
  const versions = new Map(before.map((task) => [task.id, task.version]));
  return after.filter((task) => versions.get(task.id) !== task.version).map((task) => task.id);
}

/** Whether an open task of `before` is missing in `open`, because it was completed or deleted elsewhere. */
export function someLeft(before: readonly Task[], open: readonly Task[]): boolean {
  const ids = new Set(open.map((task) => task.id));
  return before.some((task) => !task.done && !ids.has(task.id));
}
