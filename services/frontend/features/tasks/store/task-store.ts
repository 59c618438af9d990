import type { NewTask, Task, TaskPatch } from "@taskassistant/contracts";
import type { Api } from "../../../lib/api.ts";
import { createStore } from "../../../lib/store.ts";
import { type PendingChange, type SeveralChanges, withPending } from "./overlay.ts";
import { sendSeveral } from "./several.ts";
import { changedIds } from "./task-changes.ts";
import { createTaskLoader, createTaskReader, type LoadedTasks } from "./task-loader.ts";
import { createUndoHistory } from "./undo-history.ts";

/** How long the panel marks a change, in milliseconds. */
export const MARK_MS = 6_000;
/** How long a task that was just completed keeps its place, in milliseconds: a second click must not meet the next task. */
export const LINGER_MS = 1_000;

export type ChangedBy = "you" | "assistant" | "elsewhere";

export interface TaskState {
  status: "loading" | "ready" | "failed";
  /** The latest refresh failed, so the tasks may be out of date. */
  stale: boolean;
  error: unknown;
  tasks: readonly Task[];
  /** Number of open tasks that were not loaded. */
  hidden: number;
  marks: ReadonlyMap<string, ChangedBy>;
  /** Tasks completed on this page a moment ago. */
  lingering: ReadonlySet<string>;
}

/** Which of several tasks were changed, and why the others were not. */
export interface SeveralChanged {
  ids: readonly string[];
  refusal: unknown;
}

/** The page's copy of the tasks: refreshed often, changed optimistically, rolled back when the server refuses. */
export type TaskStore = ReturnType<typeof createTaskStore>;

export function createTaskStore(api: Api, userId: string) {
  const load = createTaskLoader({ api, userId });
  let server: LoadedTasks | null = null;
  let pending: readonly PendingChange[] = [];
  let marks: ReadonlyMap<string, ChangedBy> = new Map();
  let lingering: ReadonlySet<string> = new Set();
  let assistantIds: ReadonlySet<string> = new Set();
  /** Grows with each change of our own: a response requested before that change is too old to show. */
  let epoch = 0;
  let running: Promise<void> | null = null;
  let wanted: "full" | "again" | null = null;
  let drafts = 0;
  const store = createStore<TaskState>({
    status: "loading",
    stale: false,
    error: null,
    tasks: [],
    hidden: 0,
    marks,
    lingering,
  });

  function publish(change: Partial<TaskState> = {}): void {
    const all = server === null ? [] : withoutTwins(server);
    const hidden = server === null ? 0 : Math.max(0, server.openTotal - server.open.length);
    store.publish({ tasks: withPending(all, pending), hidden, marks, lingering, ...change });
  }

  function mark(ids: readonly string[], by: (id: string) => ChangedBy): void {
    if (ids.length === 0) return;
    marks = new Map([...marks, ...ids.map((id) => [id, by(id)] as const)]);
    setTimeout(() => {
      marks = new Map([...marks].filter(([id]) => !ids.includes(id)));
      publish();
    }, MARK_MS);
  }

  function linger(id: string): void {
    lingering = new Set([...lingering, id]);
    setTimeout(() => {
      lingering = new Set([...lingering].filter((other) => other !== id));
      publish();
    }, LINGER_MS);
  }

  function accept(next: LoadedTasks): void {
    const { status, stale } = store.getSnapshot();
    // Without news nothing is drawn again.
    if (server === next && status === "ready" && !stale) return;
    if (server !== null && server !== next) {
      const ids = changedIds(withoutTwins(server), withoutTwins(next));
      mark(ids, (id) => (assistantIds.has(id) ? "assistant" : "elsewhere"));
    }
    server = next;
    publish({ status: "ready", stale: false, error: null });
  }

  async function run(): Promise<void> {
    let full = wanted === "full" || store.getSnapshot().stale || server === null;
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
  }

  function refresh(full = false): Promise<void> {
    if (running !== null || full) wanted = full || wanted === "full" ? "full" : "again";
    running ??= run();
    return running;
  }

  /** Shows the change at once, sends it, and rolls it back when the server refuses. */
  async function commit<Result>(
    change: PendingChange,
    send: () => Promise<Result>,
    confirmed: (result: Result) => void,
  ): Promise<Result> {
    epoch++;
    pending = [...pending, change];
    publish();
    try {
      const result = await send();
      confirmed(result);
      return result;
    } finally {
      epoch++;
      pending = pending.filter((other) => other !== change);
      publish();
      void refresh(true);
    }
  }

  function replace(task: Task): void {
    if (server !== null) server = withTask(server, task);
  }

  function add(input: NewTask): Promise<Task> {
    return commit(
      { kind: "add", id: `draft-${++drafts}`, input, at: new Date().toISOString() },
      () => api.addTask(userId, input),
      (task) => {
        replace(task);
        mark([task.id], () => "you");
      },
    );
  }

  /** With `version`, the server refuses (412) when the task was changed since. */
  function patch(id: string, change: TaskPatch, version?: number): Promise<Task> {
    if (change.done === true) linger(id);
    return commit(
      { kind: "patch", id, patch: change, at: new Date().toISOString() },
      () => api.patchTask(userId, id, change, version),
      replace,
    );
  }

  function remove(id: string): Promise<Response> {
    return commit(
      { kind: "remove", id },
      () => api.deleteTask(userId, id),
      () => {
        if (server !== null) server = withoutTask(server, id);
      },
    );
  }

  /** Changes several tasks, a few at a time. All are shown at once; those the server refuses go back. Never rejects. */
  async function changeSeveral(changes: SeveralChanges): Promise<SeveralChanged> {
    const send = (id: string) => {
      const patch = changes.get(id) ?? null;
      return patch === null ? trash.put(id) : api.patchTask(userId, id, patch);
    };
    const { answers, refusal } = await commit(
      { kind: "several", changes, at: new Date().toISOString() },
      () => sendSeveral(changes.keys(), send),
      (sent) => {
        for (const [id, task] of sent.answers) {
          if (task !== null) replace(task);
          else if (server !== null) server = withoutTask(server, id);
        }
      },
    );
    return { ids: [...answers.keys()], refusal };
  }

  /** Takes tasks out of the trash, a few at a time. Never rejects. */
  async function restoreSeveral(ids: readonly string[]): Promise<SeveralChanged> {
    epoch++;
    const { answers, refusal } = await sendSeveral(ids, (id) => api.restoreTask(userId, id));
    epoch++;
    for (const task of answers.values()) replace(task);
    mark([...answers.keys()], () => "you");
    publish();
    void refresh(true);
    return { ids: [...answers.keys()], refusal };
  }

  /** Takes a task out of the trash. */
  async function restore(id: string): Promise<Task> {
    epoch++;
    const task = await api.restoreTask(userId, id);
    epoch++;
    replace(task);
    mark([id], () => "you");
    publish();
    void refresh(true);
    return task;
  }

  /** Remembers which tasks a tool call of the assistant touched, so that the panel can say who changed them. */
  function noteAssistant(ids: readonly string[]): void {
    assistantIds = new Set([...assistantIds, ...ids]);
  }

  const trash = {
    put: (id: string) => api.deleteTask(userId, id).then(() => null),
    list: (cursor?: string) => api.listTrash(userId, cursor),
    empty: () => api.emptyTrash(userId),
  };

  const { subscribe, getSnapshot } = store;
  /** Reads lists that the panel does not hold, such as what a search finds. */
  const createReader = () => createTaskReader({ api, userId });
  const get = (id: string) => api.task(userId, id);
  const history = createUndoHistory();
  return {
    history,
    subscribe,
    getSnapshot,
    refresh,
    add,
    patch,
    remove,
    changeSeveral,
    restore,
    restoreSeveral,
    noteAssistant,
    trash,
    createReader,
    get,
  };
}

/** A task that was reopened elsewhere may still be in our list of done tasks: the open one is newer. */
function withoutTwins({ open, done }: LoadedTasks): readonly Task[] {
  const ids = new Set(open.map(({ id }) => id));
  return [...open, ...done.filter(({ id }) => !ids.has(id))];
}

function withTask(loaded: LoadedTasks, task: Task): LoadedTasks {
  const rest = withoutTask(loaded, task.id);
  if (task.done) return { ...rest, done: [...rest.done, task] };
  const known = loaded.open.some(({ id }) => id === task.id);
  const open = known ? loaded.open.map((other) => (other.id === task.id ? task : other)) : [...loaded.open, task];
  return { ...rest, open };
}

function withoutTask(loaded: LoadedTasks, id: string): LoadedTasks {
  const others = (tasks: readonly Task[]) => tasks.filter((task) => task.id !== id);
  return { ...loaded, open: others(loaded.open), done: others(loaded.done) };
}
