import type { NewTask, Task, TaskPatch } from "@taskassistant/contracts";
import type { Api } from "../data/api.ts";
import { type PendingChange, withPending } from "./overlay.ts";
import { changedIds } from "./task-changes.ts";
import { createTaskLoader, type LoadedTasks } from "./task-loader.ts";

/** How long the panel marks a change, in milliseconds. */
export const MARK_MS = 6_000;

export type ChangedBy = "you" | "assistant" | "elsewhere";

export type TaskState = {
  status: "loading" | "ready" | "failed";
  /** The latest refresh failed; what is shown may be old. */
  stale: boolean;
  error: unknown;
  tasks: readonly Task[];
  /** Open tasks that exist but were not loaded. */
  hidden: number;
  marks: ReadonlyMap<string, ChangedBy>;
};

/** The panel's copy of the database: refreshed often, changed optimistically, rolled back when the server refuses. */
export type TaskStore = ReturnType<typeof createTaskStore>;

export function createTaskStore(api: Api, userId: string) {
  const load = createTaskLoader({ api, userId });
  const listeners = new Set<() => void>();
  let server: LoadedTasks | null = null;
  let pending: readonly PendingChange[] = [];
  let marks: ReadonlyMap<string, ChangedBy> = new Map();
  let assistantIds: ReadonlySet<string> = new Set();
  /** Grows with every change of our own: an answer that was asked for before it is too old to show. */
  let epoch = 0;
  let running: Promise<void> | null = null;
  let wanted: "full" | "again" | null = null;
  let drafts = 0;
  let state: TaskState = { status: "loading", stale: false, error: null, tasks: [], hidden: 0, marks };

  const publish = (change: Partial<TaskState>) => {
    const all = server === null ? [] : withoutTwins(server);
    const hidden = server === null ? 0 : Math.max(0, server.openTotal - server.open.length);
    state = { ...state, tasks: withPending(all, pending), hidden, marks, ...change };
    for (const listener of listeners) listener();
  };

  const mark = (ids: readonly string[], by: (id: string) => ChangedBy) => {
    if (ids.length === 0) return;
    marks = new Map([...marks, ...ids.map((id) => [id, by(id)] as const)]);
    setTimeout(() => {
      marks = new Map([...marks].filter(([id]) => !ids.includes(id)));
      publish({});
    }, MARK_MS);
  };

  const accept = (next: LoadedTasks) => {
    // Nothing new: nothing is drawn again.
    if (server === next && state.status === "ready" && !state.stale) return;
    if (server !== null && server !== next) {
      const ids = changedIds(withoutTwins(server), withoutTwins(next));
      mark(ids, (id) => (assistantIds.has(id) ? "assistant" : "elsewhere"));
    }
    server = next;
    publish({ status: "ready", stale: false, error: null });
  };

  const run = async (): Promise<void> => {
    let full = wanted === "full" || state.stale || server === null;
    for (let again = true; again; ) {
      wanted = null;
      const asked = epoch;
      try {
        const next = await load(full);
        if (asked === epoch) accept(next);
        else wanted = "full";
      } catch (error) {
        publish(server === null ? { status: "failed", error } : { stale: true, error });
      }
      again = wanted !== null;
      full = wanted === "full";
    }
    running = null;
  };

  const refresh = (full = false): Promise<void> => {
    if (running !== null || full) wanted = full || wanted === "full" ? "full" : "again";
    running ??= run();
    return running;
  };

  /** Shows the change at once, sends it, and takes it back when the server refuses. */
  const commit = async <Result>(
    change: PendingChange,
    send: () => Promise<Result>,
    confirmed: (result: Result) => void,
  ): Promise<Result> => {
    epoch++;
    pending = [...pending, change];
    publish({});
    try {
      const result = await send();
      confirmed(result);
      return result;
    } finally {
      epoch++;
      pending = pending.filter((other) => other !== change);
      publish({});
      void refresh(true);
    }
  };

  const replace = (task: Task) => {
    if (server === null) return;
    const others = (tasks: readonly Task[]) => tasks.filter((other) => other.id !== task.id);
    const known = server.open.some(({ id }) => id === task.id);
    const open = task.done
      ? others(server.open)
      : known
        ? server.open.map((other) => (other.id === task.id ? task : other))
        : [...server.open, task];
    const done = task.done ? [...others(server.done), task] : others(server.done);
    server = { ...server, open, done };
  };

  const add = (input: NewTask): Promise<Task> =>
    commit(
      { kind: "add", id: `draft-${++drafts}`, input, at: new Date().toISOString() },
      () => api.addTask(userId, input),
      (task) => {
        replace(task);
        mark([task.id], () => "you");
      },
    );
  const patch = (id: string, change: TaskPatch, version?: number): Promise<Task> =>
    commit(
      { kind: "patch", id, patch: change, at: new Date().toISOString() },
      () => api.patchTask(userId, id, change, version),
      replace,
    );

  return {
    subscribe: (listener: () => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getSnapshot: () => state,
    refresh,
    add,
    patch,
    /** Tasks an assistant's tool call has touched, so that the panel can say who changed them. */
    noteAssistant: (ids: readonly string[]) => {
      assistantIds = new Set([...assistantIds, ...ids]);
    },
    remove: (id: string) =>
      commit(
        { kind: "remove", id },
        () => api.deleteTask(userId, id),
        () => {
          const without = (tasks: readonly Task[]) => tasks.filter((task) => task.id !== id);
          if (server !== null) server = { ...server, open: without(server.open), done: without(server.done) };
        },
      ),
    /** Makes a removed task anew, since the API has no way back from its trash: the same words and date, another id. */
    putBack: async ({ title, notes, due, done }: Task): Promise<Task> => {
      const added = await add({ title, notes, due });
      return done ? patch(added.id, { done }) : added;
    },
  };
}

/** A task reopened elsewhere may still be among the done ones we have: the open one is newer. */
function withoutTwins({ open, done }: LoadedTasks): readonly Task[] {
  const ids = new Set(open.map(({ id }) => id));
  return [...open, ...done.filter(({ id }) => !ids.has(id))];
}
