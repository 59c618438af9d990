import type { Task } from "@taskassistant/contracts";
import { PAGE_MAX } from "@taskassistant/contracts/limits";
import { startOfDay } from "@taskassistant/dates";
import type { Api, ListedTasks, TaskFilter } from "../../../lib/api.ts";
import { someLeft } from "./task-changes.ts";

/** Pages of one list that are loaded: each change asks for all of them. The panel says how many open tasks are beyond them. */
const PAGES_MAX = 10;
/** Pages that are asked for each time. Those after them only when something changed, and else one of them each time. */
const PAGES_WATCHED = 4;

export interface LoadedTasks {
  open: readonly Task[];
  done: readonly Task[];
  /** Number of open tasks, loaded or not. */
  openTotal: number;
}

export interface TaskLoaderDeps {
  api: Pick<Api, "listTasks">;
  userId: string;
  now?: () => Date;
}

/**
 * Loads what the panel shows: the open tasks each time, and the tasks completed since this day began only when `full` or
 * when an open task has left the list. While nothing changes, the result is the same object and only entity tags go over
 * the wire.
 */
export function createTaskLoader(deps: TaskLoaderDeps) {
  const { now = () => new Date() } = deps;
  const readOpen = createTaskReader(deps);
  const readDone = createTaskReader(deps);
  let loaded: LoadedTasks | null = null;

  return async (full: boolean): Promise<LoadedTasks> => {
    const before = loaded;
    const open = await readOpen({ status: "open" }, full);
    const needDone = full || before === null || someLeft(before.open, open.tasks);
    const done = needDone
      ? await readDone({ status: "done", completed_from: startOfDay(now()).toISOString() })
      : { tasks: before.done };
    // Compared with the last result, not with the last lists read: after those the other list may have failed to load.
    if (before?.open === open.tasks && before.done === done.tasks) return before;
    loaded = { open: open.tasks, done: done.tasks, openTotal: open.total };
    return loaded;
  };
}

/**
 * Reads a list page by page, each with the entity tag of the known page. While no page changes, the array is the same. When
 * it is not `thorough`, far pages of a list that did not change in front or in number take turns.
 */
export function createTaskReader({ api, userId }: TaskLoaderDeps) {
  let known = new Map<string, ListedTasks>();
  let tasks: readonly Task[] = [];
  let turn = 0;

  return async (filter: Omit<TaskFilter, "limit" | "cursor">, thorough = true) => {
    const read = new Map<string, ListedTasks>();
    const inTurn = PAGES_WATCHED + (turn++ % Math.max(1, known.size - PAGES_WATCHED));
    let same = !thorough;
    let cursor: string | null = null;
    do {
      const query: TaskFilter = { ...filter, limit: PAGE_MAX, ...(cursor === null ? {} : { cursor }) };
      const key = JSON.stringify(query);
      const before = known.get(key);
      const skip = same && read.size >= PAGES_WATCHED && read.size !== inTurn;
      const listed = skip && before !== undefined ? before : await api.listTasks(userId, query, before);
      if (listed !== before) same = false;
      read.set(key, listed);
      cursor = listed.page.next_cursor;
    } while (cursor !== null && read.size < PAGES_MAX);
    const pages = [...read.values()].map(({ page }) => page);
    if (read.size !== known.size || [...read].some(([key, listed]) => known.get(key) !== listed)) {
      // A task that moved between two pages while they were read is listed twice.
      tasks = [...new Map(pages.flatMap((page) => page.tasks.map((task) => [task.id, task]))).values()];
    }
    known = read;
    return { tasks, total: pages[0]?.total ?? 0 };
  };
}
