import type { Project, Tag, Task } from "@taskassistant/contracts";
import type { Api } from "../../../lib/api.ts";
import { createStore, type Store } from "../../../lib/store.ts";

export interface LabelState {
  readonly projects: readonly Project[];
  readonly tags: readonly Tag[];
}

export interface LabelStoreDeps {
  api: Pick<Api, "projects" | "tags">;
  userId: string;
  tasks: Store<{ readonly tasks: readonly Task[] }>;
}

/** The page's copy of the projects and tags. */
export type LabelStore = ReturnType<typeof createLabelStore>;

/** Loads projects and tags, and again whenever the tasks name others or others of them are open. */
export function createLabelStore({ api, userId, tasks }: LabelStoreDeps) {
  const { subscribe, getSnapshot, publish } = createStore<LabelState>({ projects: [], tags: [] });
  let seen: readonly Task[] | null = null;
  let counted: string | null = countsOf([]);
  let asked = 0;

  /** What can't be loaded stays as it was: names are on the tasks, and this only adds colours and suggestions. */
  async function refresh(): Promise<void> {
    const turn = ++asked;
    try {
      const [projects, tags] = await Promise.all([api.projects(userId), api.tags(userId)]);
      if (turn === asked) publish({ projects, tags });
    } catch {
      counted = null;
    }
  }

  /** Follows the tasks until the returned function is called. */
  function follow(): () => void {
    const look = () => {
      const { tasks: now } = tasks.getSnapshot();
      if (now === seen) return;
      seen = now;
      const next = countsOf(now);
      if (next === counted) return;
      counted = next;
      void refresh();
    };
    void refresh();
    return tasks.subscribe(look);
  }

  return { subscribe, getSnapshot, refresh, follow };
}

/** How often each name is on an open task that the server knows. */
function countsOf(tasks: readonly Task[]): string {
  const counts = new Map<string, number>();
  for (const task of tasks) {
    if (task.done || task.id.startsWith("draft-")) continue;
    const names = [...(task.project ? [`#${task.project}`] : []), ...(task.tags ?? []).map((tag) => `@${tag}`)];
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return JSON.stringify([...counts].sort());
}

/** Whether two names are the same to the server. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
