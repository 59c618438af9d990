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
    const { tasks: before } = tasks.getSnapshot();
    try {
      const [projects, tags] = await Promise.all([api.projects(userId), api.tags(userId)]);
      if (turn !== asked) return;
      publish({ projects, tags });
      // A change is on the page before the server has made its names.
      const { tasks: now } = tasks.getSnapshot();
      if (allKnown(now, { projects, tags })) return;
      counted = null;
      if (now !== before) void refresh();
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

/** A name on a task, as a project or as a tag. */
interface Named {
  readonly is: "project" | "tag";
  readonly name: string;
}

/** Every name on an open task that the server knows, as often as it is there. */
function namesOf(tasks: readonly Task[]): Named[] {
  return tasks
    .filter(({ id, done }) => !done && !id.startsWith("draft-"))
    .flatMap(({ project, tags }) => [
      ...(project ? [{ is: "project", name: project } as const] : []),
      ...(tags ?? []).map((name) => ({ is: "tag", name }) as const),
    ]);
}

function countsOf(tasks: readonly Task[]): string {
  const counts = new Map<string, number>();
  for (const { is, name } of namesOf(tasks)) counts.set(`${is} ${name}`, (counts.get(`${is} ${name}`) ?? 0) + 1);
  return JSON.stringify([...counts].sort());
}

function allKnown(tasks: readonly Task[], { projects, tags }: LabelState): boolean {
  const folded = (names: readonly { name: string }[]) => new Set(names.map(({ name }) => name.toLowerCase()));
  const known = { project: folded(projects), tag: folded(tags) };
  return namesOf(tasks).every(({ is, name }) => known[is].has(name.toLowerCase()));
}

/** Whether two names are the same to the server. */
export function sameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
