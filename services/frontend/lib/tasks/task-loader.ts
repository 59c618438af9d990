import type { Task } from "@taskassistant/contracts";
import type { Api } from "../data/api.ts";
import { someLeft } from "./task-changes.ts";

const PAGE = 100;
/** More open or done tasks than this are left to the chat; the panel says how many. */
const MAX_PAGES = 5;

export type LoadedTasks = { open: readonly Task[]; done: readonly Task[]; openTotal: number };

/**
 * Loads what the panel shows. The open tasks are asked for each time (an entity tag makes the answer empty while
 * nothing changes); the done ones only when `full` or when an open task has left the list.
 */
export function createTaskLoader(api: Api, userId: string) {
  let loaded: LoadedTasks | null = null;
  let etag: string | undefined;

  const pages = async (status: "open" | "done", known?: string) => {
    const first = await api.listTasks(userId, { status, limit: PAGE }, known);
    if (first === "unchanged") return "unchanged" as const;
    const tasks = [...first.page.tasks];
    let cursor = first.page.next_cursor;
    for (let page = 1; cursor !== null && page < MAX_PAGES; page++) {
      const next = await api.listTasks(userId, { status, limit: PAGE, cursor });
      if (next === "unchanged") break;
      tasks.push(...next.page.tasks);
      cursor = next.page.next_cursor;
    }
    return { tasks, total: first.page.total, etag: first.etag, whole: first.page.next_cursor === null };
  };

  return async (full: boolean): Promise<LoadedTasks> => {
    const open = await pages("open", loaded === null ? undefined : etag);
    const before = loaded;
    if (open === "unchanged" && before !== null && !full) return before;
    const openNow = open === "unchanged" ? (before?.open ?? []) : open.tasks;
    const needDone = full || before === null || someLeft(before.open, openNow);
    const done = needDone ? await pages("done") : "unchanged";
    loaded = {
      open: openNow,
      done: done === "unchanged" ? (before?.done ?? []) : done.tasks,
      openTotal: open === "unchanged" ? (before?.openTotal ?? 0) : open.total,
    };
    // The tag stands for the first page only: with more pages it would hide changes further down.
    if (open !== "unchanged") etag = open.whole ? open.etag : undefined;
    return loaded;
  };
}
