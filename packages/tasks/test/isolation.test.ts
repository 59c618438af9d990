import type { Project, Tag, Task } from "@taskassistant/contracts";
import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, removeUserFilters, type TestDatabase } from "@taskassistant/db/testing";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LabelNotFoundError, TaskNotFoundError, type Tasks, tasksFor } from "../src/index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let server: TestDatabase;
beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server?.drop());

/** One action of a user. `which` picks among the tasks of both users, so half of the ids are foreign. */
interface Step {
  user: 0 | 1;
  action:
    | ("add" | "addRepeating" | "get" | "update" | "complete" | "reopen" | "delete" | "restore" | "empty" | "list")
    | ("label" | "rename" | "dropLabel");
  which: number;
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  user: fc.constantFrom(0 as const, 1 as const),
  action: fc.constantFrom(
    ...(["add", "addRepeating", "addRepeating", "get", "update", "complete", "complete", "reopen"] as const),
    ...(["delete", "restore", "empty", "list", "label", "label", "label", "rename", "dropLabel"] as const),
  ),
  which: fc.nat({ max: 50 }),
});

/** Which task is the next occurrence of which. */
function seriesModel() {
  const links = new Map<string, string>();
  return {
    next: (id: string) => links.get(id),
    link: (id: string, next: string) => links.set(id, next),
    /** The task is gone for good, so its place in the series is free. */
    forget(tasks: Map<string, Task>, gone: string): void {
      tasks.delete(gone);
      for (const [id, next] of links) if (next === gone) links.delete(id);
    },
  };
}

/** The projects and tags of one user, by id. Both users give them the same names. */
type Labels = Map<string, Project | Tag>;

async function labelsOf(door: Tasks): Promise<Labels> {
  const [{ projects }, { tags }] = [await door.listProjects(), await door.listTags()];
  return new Map([...projects, ...tags].map((label) => [label.id, label]));
}

/** Each label as the tasks of its user have it: nobody else's task counts. */
function expectCounts(labels: Labels, model: ReadonlyMap<string, Task>): void {
  const open = [...model.values()].filter((task) => !task.done);
  for (const { id, name, open: counted } of labels.values()) {
    const has = (task: Task) => (id.startsWith("p_") ? task.project === name : task.tags.includes(name));
    expect(counted).toBe(open.filter(has).length);
  }
}

/** Changes or deletes a label that may be the other user's. Returns what the tasks of the user should be afterwards. */
async function changeLabel(door: Tasks, label: Project | Tag, isOwn: boolean, rename: boolean): Promise<LabelEffect> {
  const isProject = label.id.startsWith("p_");
  const name = `${label.name}!`;
  const call = (): Promise<unknown> => {
    if (rename) return isProject ? door.updateProject(label.id, { name }) : door.updateTag(label.id, { name });
    return isProject ? door.deleteProject(label.id) : door.deleteTag(label.id);
  };
  if (!isOwn) {
    await expect(call()).rejects.toThrow(LabelNotFoundError);
    return (task) => task;
  }
  await call();
  return (task) => {
    if (isProject) {
      if (task.project !== label.name) return task;
      return { ...task, project: rename ? name : null, version: task.version + (rename ? 0 : 1) };
    }
    if (!task.tags.includes(label.name)) return task;
    const others = task.tags.filter((each) => each !== label.name);
    return rename ? { ...task, tags: [...others, name].sort() } : { ...task, tags: others, version: task.version + 1 };
  };
}

type LabelEffect = (task: Task) => Task;

/** Runs the steps on the database and on a model in memory, and compares them after each: users change only their own tasks. */
async function compareWithModel(db: Database, steps: readonly Step[]): Promise<void> {
  const users = [await server.createUser("Ann"), await server.createUser("Bob")] as const;
  const doors = users.map((user) => tasksFor(db, user));
  const models = users.map(() => new Map<string, Task>());
  const trashes = users.map(() => new Map<string, Task>());
  const ids: string[] = [];
  const series = seriesModel();
  const labels: Labels[] = users.map(() => new Map());
  for (const { user, action, which } of steps) {
    const [door, model, trash] = [doors[user]!, models[user]!, trashes[user]!];
    const id = ids[which % Math.max(ids.length, 1)] ?? "t_000000000000";
    const known = model.has(id);
    if (action === "add" || action === "addRepeating") {
      const repeat = action === "add" ? {} : { due: "2026-03-01", repeat: "FREQ=DAILY" };
      const task = await door.add({ title: `task ${ids.length}`, ...repeat });
      model.set(task.id, task);
      ids.push(task.id);
    } else if (action === "rename" || action === "dropLabel") {
      const all = labels.flatMap((each) => [...each.values()]);
      const label = all[which % Math.max(all.length, 1)];
      if (label === undefined || label.name.length > 20) continue;
      const effect = await changeLabel(door, label, labels[user]!.has(label.id), action === "rename");
      // A version more comes with another instant.
      const { tasks } = await door.list({ status: "all", limit: 100 });
      const trashed = (await door.listTrash({ limit: 100 })).tasks;
      const instants = new Map([...tasks, ...trashed].map((task) => [task.id, task.updated_at]));
      for (const each of [model, trash]) {
        for (const [id, task] of each) {
          const after = effect(task);
          const changed = after.version > task.version ? { updated_at: instants.get(id) ?? "" } : {};
          each.set(id, { ...after, ...changed });
        }
      }
    } else if (action === "get" || action === "update" || action === "reopen" || action === "label") {
      const said = { project: `project ${which % 2}`, tags: [`tag ${which % 3}`, "tag"] };
      const patches = { update: { notes: `by ${user}` }, label: said, reopen: { done: false }, get: {} };
      const patch = patches[action];
      const call = action === "get" ? door.get(id) : door.update(id, patch);
      if (known) model.set(id, await call);
      else await expect(call).rejects.toThrow(TaskNotFoundError);
      const next = known && action === "reopen" ? series.next(id) : undefined;
      if (next !== undefined && model.get(next)?.version === 1) series.forget(model, next);
    } else if (action === "restore") {
      const found = known || trash.has(id);
      const { tasks } = await door.restore([id]);
      expect(tasks.length).toBe(found ? 1 : 0);
      if (tasks[0]) model.set(id, tasks[0]);
      trash.delete(id);
    } else if (action === "empty") {
      expect(await door.emptyTrash({ minutesKept: 0 })).toEqual({ deleted: trash.size, left: 0 });
      for (const purged of trash.keys()) series.forget(trash, purged);
      trash.clear();
    } else if (action !== "list") {
      const { tasks, failures } = await (action === "complete" ? door.complete([id]) : door.delete([id]));
      expect({ done: tasks.length, failed: failures.length }).toEqual({ done: known ? 1 : 0, failed: known ? 0 : 1 });
      if (action === "complete" && tasks[0]) {
        const wasDone = model.get(id)?.done === true;
        model.set(id, tasks[0]);
        const isOwed = tasks[0].repeat !== null && !wasDone && series.next(id) === undefined;
        const made = (await door.list({ status: "all", limit: 100 })).tasks.filter((task) => !model.has(task.id));
        expect(made.map(({ title, version }) => ({ title, version }))).toEqual(
          isOwed ? [{ title: tasks[0].title, version: 1 }] : [],
        );
        for (const task of made) {
          model.set(task.id, task);
          series.link(id, task.id);
          ids.push(task.id);
        }
      }
      if (action === "delete" && tasks[0]) {
        model.delete(id);
        trash.set(id, tasks[0]);
      }
    }
    for (const index of [0, 1] as const) {
      // The counts tell of others' tasks too.
      const { tasks, total } = await doors[index]!.list({ status: "all", limit: 100 });
      expect(new Map(tasks.map((task) => [task.id, task]))).toEqual(models[index]);
      expect(total).toBe(models[index]!.size);
      const trash = await doors[index]!.listTrash({ limit: 100 });
      const deleted = trash.tasks.map(({ deleted_at: _, ...task }) => task);
      expect(new Map(deleted.map((task) => [task.id, task]))).toEqual(trashes[index]);
      expect(trash.total).toBe(trashes[index]!.size);
      labels[index] = await labelsOf(doors[index]!);
      expectCounts(labels[index], models[index]!);
    }
  }
}

async function expectSeparateTasks(url: string): Promise<void> {
  const db = createDatabase({ url, ssl: { mode: "disable" }, poolSize: 2, applicationName: "test", log });
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { minLength: 10, maxLength: 30 }), (steps) =>
        compareWithModel(db, steps),
      ),
      // Shrinking would run against the database for minutes.
      { numRuns: 4, endOnFailure: true },
    );
  } finally {
    await db.close();
  }
}

/** A superuser passes row-level security, so only the filters in the statements protect the tasks there. */
test.each([
  ["with both protections", () => server.appUrl],
  ["with the SQL filters alone", () => server.adminUrl],
])("two users never see or change each other's tasks, %s", async (_name, url) => {
  await expectSeparateTasks(url());
});

describe("with row-level security alone, without the filters of the statements", () => {
  let filters: ReturnType<typeof removeUserFilters>;
  beforeEach(() => {
    filters = removeUserFilters();
  });
  afterEach(() => filters.stop());

  test("two users never see or change each other's tasks", async () => {
    await expectSeparateTasks(server.appUrl);
    expect(filters.removed).toBeGreaterThan(100);
  });

  test("without either protection they do, which shows that the test can fail", async () => {
    await expect(expectSeparateTasks(server.adminUrl)).rejects.toThrow();
  });
});
