import { LABELS_MAX } from "@taskassistant/contracts/limits";
import { createDatabase, type Database, QuotaExceededError } from "@taskassistant/db";
import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { LabelNotFoundError, LabelTakenError, TaskNotFoundError, type Tasks, tasksFor } from "../index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
const ABSENT = "t_000000000000";
let server: TestDatabase;
let db: Database;
let user: string;
let tasks: Tasks;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 8, applicationName: "test", log });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});
beforeEach(async () => {
  user = await server.createUser("Ann");
  tasks = tasksFor(db, user);
});

const titles = async (query: Parameters<Tasks["list"]>[0]) => (await tasks.list(query)).tasks.map((task) => task.title);
const projects = async () => (await tasks.listProjects()).projects;
const tags = async () => (await tasks.listTags()).tags;

test("the first mention makes a project and tags, and the next one finds them, whatever its case", async () => {
  const first = await tasks.add({ title: "report", project: "Work", tags: ["errand", "@Calls", "errand"] });
  expect(first).toMatchObject({ project: "Work", tags: ["Calls", "errand"], version: 1 });
  const second = await tasks.add({ title: "mail", project: "#WORK", tags: ["CALLS"] });
  expect(second).toMatchObject({ project: "Work", tags: ["Calls"] });
  expect(await projects()).toMatchObject([{ name: "Work", color: "grey", archived: false, open: 2 }]);
  expect(await tags()).toMatchObject([
    { name: "Calls", open: 2 },
    { name: "errand", open: 1 },
  ]);
});

test("a patch replaces the tags and moves to another project or to none; what it leaves out stays", async () => {
  const { id } = await tasks.add({ title: "report", project: "Work", tags: ["a", "b"] });
  expect(await tasks.update(id, { title: "Report" })).toMatchObject({ project: "Work", tags: ["a", "b"], version: 2 });
  expect(await tasks.update(id, { tags: ["b", "c"] })).toMatchObject({ project: "Work", tags: ["b", "c"], version: 3 });
  expect(await tasks.update(id, { project: "Home" })).toMatchObject({ project: "Home", tags: ["b", "c"] });
  expect(await tasks.update(id, { project: null, tags: [] })).toMatchObject({ project: null, tags: [] });
  expect(await tasks.get(id)).toMatchObject({ project: null, tags: [], version: 5 });
});

test("a change that does not happen makes no project and no tag", async () => {
  const { id } = await tasks.add({ title: "report", tags: ["kept"] });
  const labels = { project: "Nowhere", tags: ["nothing"] };
  await expect(tasks.update(ABSENT, labels)).rejects.toThrow(TaskNotFoundError);
  const conflict = await tasks.update(id, labels, { expectedVersion: 7 }).catch((error: unknown) => error);
  expect(conflict).toMatchObject({
    name: "VersionConflictError",
    current: { project: null, tags: ["kept"], version: 1 },
  });
  await tasks.delete([id]);
  await expect(tasks.update(id, labels)).rejects.toThrow(TaskNotFoundError);
  expect([await projects(), (await tags()).map(({ name }) => name)]).toEqual([[], ["kept"]]);
  expect((await tasks.restore([id])).tasks).toMatchObject([{ tags: ["kept"] }]);
});

test("a list has the tasks of one project, of one tag, or of both", async () => {
  await tasks.add({ title: "one", project: "Work", tags: ["calls"] });
  await tasks.add({ title: "two", project: "Work" });
  await tasks.add({ title: "three", tags: ["calls"] });
  expect(await titles({ project: "work" })).toEqual(["one", "two"]);
  expect(await titles({ tag: "Calls" })).toEqual(["one", "three"]);
  expect(await titles({ project: "Work", tag: "calls" })).toEqual(["one"]);
  expect(await titles({ project: "Garden" })).toEqual([]);
});

test("a renamed project is renamed on its tasks, and a name is taken once", async () => {
  const { id } = await tasks.add({ title: "report", project: "Work", tags: ["calls"] });
  await tasks.addProject({ name: "Home", color: "green" });
  const work = (await projects()).find(({ name }) => name === "Work")!;
  const [calls] = await tags();
  expect(await tasks.updateProject(work.id, { name: "WORK", color: "blue" })).toMatchObject({ name: "WORK", open: 1 });
  await tasks.updateTag(calls!.id, { name: "phone" });
  expect(await tasks.get(id)).toMatchObject({ project: "WORK", tags: ["phone"], version: 1 });
  await expect(tasks.updateProject(work.id, { name: "home" })).rejects.toThrow(LabelTakenError);
  await expect(tasks.addProject({ name: "home" })).rejects.toThrow("“home” already");
  await expect(tasks.addTag({ name: "PHONE" })).rejects.toThrow(LabelTakenError);
});

test("an archived project keeps its tasks, and a mention takes it out again", async () => {
  const { id } = await tasks.add({ title: "report", project: "Work" });
  const [work] = await projects();
  expect(await tasks.updateProject(work!.id, { archived: true })).toMatchObject({ archived: true, open: 1 });
  expect(await tasks.get(id)).toMatchObject({ project: "Work" });
  await tasks.add({ title: "mail", project: "work" });
  expect(await projects()).toMatchObject([{ id: work!.id, archived: false, open: 2 }]);
});

test("deleting a project or a tag leaves the tasks, changed by one version", async () => {
  const { id } = await tasks.add({ title: "report", project: "Work", tags: ["calls", "urgent"] });
  const trashed = await tasks.add({ title: "old", project: "Work" });
  await tasks.delete([trashed.id]);
  await tasks.deleteProject((await projects())[0]!.id);
  expect(await tasks.get(id)).toMatchObject({ project: null, tags: ["calls", "urgent"], version: 2 });
  expect((await tasks.listTrash({})).tasks).toMatchObject([{ project: null }]);
  await tasks.deleteTag((await tags())[0]!.id);
  expect(await tasks.get(id)).toMatchObject({ tags: ["urgent"], version: 3 });
  await expect(tasks.deleteProject("p_000000000000")).rejects.toThrow(LabelNotFoundError);
  await expect(tasks.deleteTag("g_000000000000")).rejects.toThrow(LabelNotFoundError);
});

test("the counts are those of open tasks outside of the trash", async () => {
  const label = { project: "Work", tags: ["calls"] };
  const [one, two] = [await tasks.add({ title: "one", ...label }), await tasks.add({ title: "two", ...label })];
  await tasks.add({ title: "three", ...label });
  await tasks.complete([one.id]);
  await tasks.delete([two.id]);
  expect([await projects(), await tags()]).toMatchObject([[{ open: 1 }], [{ open: 1 }]]);
});

test("the next occurrence has the project and the tags of the one before", async () => {
  const { id } = await tasks.add({
    title: "plants",
    due: "2126-03-01",
    repeat: "FREQ=DAILY",
    project: "Home",
    tags: ["water"],
  });
  await tasks.complete([id]);
  await tasks.complete([id]);
  expect((await tasks.list({})).tasks).toMatchObject([{ due: "2126-03-02", project: "Home", tags: ["water"] }]);
});

test("mentions of a new name at the same time make it once", async () => {
  const label = { project: "Work", tags: ["x", "y"] };
  await Promise.all(Array.from({ length: 8 }, (_, index) => tasks.add({ title: `task ${index}`, ...label })));
  expect([await projects(), await tags()]).toMatchObject([[{ open: 8 }], [{ open: 8 }, { open: 8 }]]);
});

test("names are checked: not empty, not too long, not too many tags", async () => {
  await expect(tasks.add({ title: "a", project: " # " })).rejects.toThrow("name is empty");
  await expect(tasks.add({ title: "a", tags: ["x".repeat(51)] })).rejects.toThrow("longer than 50");
  const eleven = Array.from({ length: 11 }, (_, index) => `tag ${index}`);
  await expect(tasks.add({ title: "a", tags: eleven })).rejects.toThrow("at most 10");
  expect((await tasks.add({ title: "a", project: "  Big \n plan " })).project).toBe("Big plan");
});

test("there is a limit to projects and tags, which deleting one makes room under", async () => {
  const fill = (left: number) =>
    runSql(
      server.adminUrl,
      `insert into app.tag (user_id, id, name)
       select $1, 'g_' || lpad(n::text, 12, '0'), 'tag ' || n from generate_series(1, $2::int) n`,
      [user, LABELS_MAX - left],
    );
  await fill(1);
  await tasks.addProject({ name: "the last" });
  await expect(tasks.add({ title: "a", project: "one more" })).rejects.toThrow(QuotaExceededError);
  await expect(tasks.add({ title: "a", tags: ["one more"] })).rejects.toThrow(/as many projects and tags.*500/);
  expect(await titles({})).toEqual([]);
  await tasks.deleteTag("g_000000000001");
  expect(await tasks.add({ title: "a", tags: ["one more"] })).toMatchObject({ tags: ["one more"] });
  const usage = await runSql(server.adminUrl, "select labels::int from app.usage where user_id = $1", [user]);
  expect(usage.rows).toEqual([{ labels: LABELS_MAX }]);
});

test("no task can point at a project or a tag of another user, even where nothing else keeps users apart", async () => {
  const other = await server.createUser("Ben");
  const theirs = tasksFor(db, other);
  const project = await theirs.addProject({ name: "Secret" });
  const tag = await theirs.addTag({ name: "secret" });
  const { id } = await tasks.add({ title: "report" });
  for (const [text, values] of [
    ["update app.task set project_id = $1 where user_id = $2 and id = $3", [project.id, user, id]],
    ["insert into app.task_tag (tag_id, user_id, task_id) values ($1, $2, $3)", [tag.id, user, id]],
    ["insert into app.task_tag (tag_id, user_id, task_id) values ($1, $2, $3)", [tag.id, other, id]],
  ] as const) {
    await expect(runSql(server.adminUrl, text, [...values]), text).rejects.toMatchObject({ code: "23503" });
  }
  await expect(tasks.updateProject(project.id, { name: "x" })).rejects.toThrow(LabelNotFoundError);
  await expect(tasks.updateTag(tag.id, { name: "x" })).rejects.toThrow(LabelNotFoundError);
  await expect(tasks.deleteProject(project.id)).rejects.toThrow(LabelNotFoundError);
  await expect(tasks.deleteTag(tag.id)).rejects.toThrow(LabelNotFoundError);
  expect(await tasks.update(id, { project: "secret", tags: ["SECRET"] })).toMatchObject({ project: "secret" });
  expect([(await theirs.listProjects()).projects, (await theirs.listTags()).tags]).toEqual([[project], [tag]]);
});
