import {
  projectListSchema,
  projectSchema,
  tagListSchema,
  tagSchema,
  taskPageSchema,
  taskSchema,
} from "@taskassistant/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attackEveryRoute } from "./harness/attacks.ts";
import { call, snapshot } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";

let h: Harness;
let anna: TestUser;
let ben: TestUser;

beforeAll(async () => {
  h = await startHarness();
  [anna, ben] = await Promise.all([h.user("anna"), h.user("ben")]);
});
afterAll(() => h.close());

const path = (user: TestUser, rest: string) => `/api/${user.id}/${rest}`;
const post = (user: TestUser, rest: string, body: object) => call(h, user, "POST", path(user, rest), { body });
const patch = (user: TestUser, rest: string, body: object) => call(h, user, "PATCH", path(user, rest), { body });

test("a project is created, counted, renamed, archived and deleted, and its tasks stay", async () => {
  const created = await post(anna, "projects", { name: " Work ", color: "blue" });
  const project = projectSchema.parse(await created.json());
  expect([created.status, created.headers.get("location")]).toEqual([201, path(anna, `projects/${project.id}`)]);
  expect(project).toMatchObject({ name: "Work", color: "blue", archived: false, open: 0 });
  const task = taskSchema.parse(await (await post(anna, "tasks", { title: "report", project: "work" })).json());
  expect(task).toMatchObject({ project: "Work", tags: [] });

  const renamed = await patch(anna, `projects/${project.id}`, { name: "Office", archived: true });
  expect(projectSchema.parse(await renamed.json())).toMatchObject({ name: "Office", archived: true, open: 1 });
  const listed = await call(h, anna, "GET", path(anna, "tasks?project=office"));
  expect(taskPageSchema.parse(await listed.json()).tasks).toMatchObject([{ id: task.id, project: "Office" }]);

  expect((await call(h, anna, "DELETE", path(anna, `projects/${project.id}`))).status).toBe(204);
  expect((await call(h, anna, "DELETE", path(anna, `projects/${project.id}`))).status).toBe(404);
  const after = await call(h, anna, "GET", path(anna, `tasks/${task.id}`));
  expect(taskSchema.parse(await after.json())).toMatchObject({ project: null, version: 2 });
});

test("a tag is created, counted, renamed and deleted, and its tasks stay", async () => {
  const tag = tagSchema.parse(await (await post(anna, "tags", { name: "calls" })).json());
  const task = taskSchema.parse(await (await post(anna, "tasks", { title: "ring", tags: ["calls", "new"] })).json());
  const all = tagListSchema.parse(await (await call(h, anna, "GET", path(anna, "tags"))).json());
  expect(all.tags).toMatchObject([
    { name: "calls", open: 1 },
    { name: "new", open: 1 },
  ]);
  expect((await patch(anna, `tags/${tag.id}`, { name: "phone" })).status).toBe(200);
  const listed = await call(h, anna, "GET", path(anna, "tasks?tag=phone"));
  expect(taskPageSchema.parse(await listed.json()).tasks).toMatchObject([{ id: task.id, tags: ["new", "phone"] }]);
  expect((await call(h, anna, "DELETE", path(anna, `tags/${tag.id}`))).status).toBe(204);
});

test("a name is taken once, and a wrong one is explained", async () => {
  const home = projectSchema.parse(await (await post(anna, "projects", { name: "Home" })).json());
  const taken = await post(anna, "projects", { name: "HOME" });
  expect([taken.status, await taken.json()]).toMatchObject([
    409,
    { code: "conflict", detail: expect.stringContaining("“HOME” already") },
  ]);
  await post(anna, "projects", { name: "Garden" });
  expect((await patch(anna, `projects/${home.id}`, { name: "garden" })).status).toBe(409);
  for (const body of [
    { name: "" },
    { name: "x".repeat(51) },
    { name: "ok", color: "plaid" },
    { name: "ok", id: "x" },
  ]) {
    expect((await post(anna, "projects", body)).status, JSON.stringify(body)).toBe(400);
  }
  expect((await patch(anna, `projects/${home.id}`, {})).status).toBe(400);
});

test("another user's project and tag are not found by any route, and stay as they are", async () => {
  const project = projectSchema.parse(await (await post(ben, "projects", { name: "Secret" })).json());
  const tag = tagSchema.parse(await (await post(ben, "tags", { name: "secret" })).json());
  await post(ben, "tasks", { title: "hidden", project: "Secret", tags: ["secret"] });
  const before = await snapshot(h);
  const attacks = attackEveryRoute({ user: anna.id, task: "t_000000000000", project: project.id, tag: tag.id });
  const onLabels = attacks.filter(({ path: tried }) => tried.includes(project.id) || tried.includes(tag.id));
  expect(onLabels).toHaveLength(4);
  for (const { method, path: tried, body } of onLabels) {
    const answer = await call(h, anna, method, tried, body === undefined ? {} : { body });
    expect([tried, answer.status]).toEqual([tried, 404]);
  }
  expect(await snapshot(h)).toBe(before);
  const [projects, tags] = [
    projectListSchema.parse(await (await call(h, anna, "GET", path(anna, "projects"))).json()),
    tagListSchema.parse(await (await call(h, anna, "GET", path(anna, "tags"))).json()),
  ];
  expect(JSON.stringify([projects, tags])).not.toMatch(/secret/i);
});
