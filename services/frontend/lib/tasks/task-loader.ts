import type { Task } from "@taskassistant/contracts";
import type { Api, ListedTasks, TaskFilter } from "../data/api.ts";
import { startOfDay } from "../dates/local-date.ts";
import { someLeft } from "./task-changes.ts";

const PAGE = 100;
/** More open tasks than this are left to the chat; the panel says how many. */
const MAX_PAGES = 5;

export type LoadedTasks = { open: readonly Task[]; done: readonly Task[]; openTotal: number };
export type TaskLoaderDeps = { api: Pick<Api, "listTasks">; userId: string; now?: () => Date };

/**
 * Loads what the panel shows. The open tasks are asked for each time; those done since the day began here only when
 * `full` or when an open task has left the list. While nothing changes the result is the same object, and nothing but
 * entity tags goes over the wire.
 */
export function createTaskLoader(deps: TaskLoaderDeps) {
  const { now = () => new Date() } = deps;
  const readOpen = createReader(deps);
  const readDone = createReader(deps);
  let loaded: LoadedTasks | null = null;

  return async (full: boolean): Promise<LoadedTasks> => {
    const before = loaded;
    const open = await readOpen({ status: "open" });
    const needDone = full || before === null || someLeft(before.open, open.tasks);
    const done = needDone
      ? await readDone({ status: "done", completed_from: startOfDay(now()).toISOString() })
      : { tasks: before.done };
    // Compared with what was given, not with what was read last: then the other list may have failed to come.
    if (before?.open === open.tasks && before.done === done.tasks) return before;
    loaded = { open: open.tasks, done: done.tasks, openTotal: open.total };
    return loaded;
  };
}

/**
 * Reads a list page by page; each page is asked for with the entity tag of the one that is known. While no page changes,
 * the tasks are the same array.
 */
function createReader({ api, userId }: TaskLoaderDeps) {
  let known = new Map<string, ListedTasks>();
  let tasks: readonly Task[] = [];

  return async (filter: Omit<TaskFilter, "limit" | "cursor">) => {
    const read = new Map<string, ListedTasks>();
    let cursor: string | null = null;
    do {
      const query: TaskFilter = { ...filter, limit: PAGE, ...(cursor === null ? {} : { cursor }) };
      const key = JSON.stringify(query);
      const listed = await api.listTasks(userId, query, known.get(key));
      read.set(key, listed);
      cursor = listed.page.next_cursor;
    } while (cursor !== null && read.size < MAX_PAGES);
    const pages = [...read.values()].map(({ page }) => page);
    if (read.size !== known.size || [...read].some(([key, listed]) => known.get(key) !== listed)) {
      // A task that moved between two pages while they were read would come twice.
      tasks = [...new Map(pages.flatMap((page) => page.tasks.map((task) => [task.id, task]))).values()];
    }
    known = read;
    return { tasks, total: pages[0]?.total ?? 0 };
  };
}
