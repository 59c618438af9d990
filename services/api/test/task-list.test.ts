import { type Task, type TaskPage, taskPageSchema, taskSchema } from "@taskassistant/contracts";
import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";

let h: Harness;
let anna: TestUser;

beforeAll(async () => {
  h = await startHarness();
  anna = await h.user("anna");
});
afterAll(() => h.close());

const add = async (title: string): Promise<Task> =>
  taskSchema.parse(await (await call(h, anna, "POST", `/api/${anna.id}/tasks`, { body: { title } })).json());
const list = (query = "", headers: Record<string, string> = {}) =>
  call(h, anna, "GET", `/api/${anna.id}/tasks${query}`, { headers });
const pageOf = async (response: Response): Promise<TaskPage> => taskPageSchema.parse(await response.json());

test("a page that has not changed is not sent again", async () => {
  const task = await add("milk");
  const first = await list();
  const etag = first.headers.get("etag") ?? "";
  expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
  for (const known of [etag, etag.replace("W/", ""), `"other", ${etag}`]) {
    const again = await list("", { "if-none-match": known });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  }
  expect((await list("?limit=7", { "if-none-match": `"other"` })).status).toBe(200);

  await call(h, anna, "PATCH", `/api/${anna.id}/tasks/${task.id}`, { body: { title: "bread" } });
  const changed = await list("", { "if-none-match": etag });
  expect([changed.status, (await pageOf(changed)).tasks.map(({ title }) => title)]).toEqual([200, ["bread"]]);
  expect(changed.headers.get("etag")).not.toBe(etag);
});

test("completed_from lists and counts the tasks completed then or later", async () => {
  const [before, at, after] = [await add("before"), await add("at"), await add("after")];
  const midnight = "2026-11-21T23:00:00.000Z";
  const instants = ["2026-11-21T22:59:59.999Z", midnight, "2026-11-22T09:00:00.000Z"];
  await runSql(
    h.database.adminUrl,
    `update app.task t set completed_at = n.at::timestamptz from unnest($1::text[], $2::text[]) n (id, at) where t.id = n.id`,
    [[before.id, at.id, after.id], instants],
  );
  const page = await pageOf(await list(`?status=done&completed_from=${midnight}`));
  expect([page.total, page.tasks.map(({ title }) => title)]).toEqual([2, ["at", "after"]]);
  expect((await pageOf(await list("?status=done"))).total).toBe(3);
  expect((await list("?status=done&completed_from=today")).status).toBe(400);
});
