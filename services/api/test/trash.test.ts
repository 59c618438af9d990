import { emptiedTrashSchema, type Task, taskSchema, trashPageSchema } from "@taskassistant/contracts";
import { createDatabase } from "@taskassistant/db";
import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildApi } from "../src/index.ts";
import { call } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";

let h: Harness;
let anna: TestUser;

beforeAll(async () => {
  h = await startHarness();
  anna = await h.user("anna");
});
afterAll(() => h.close());

const tasks = (user: TestUser, id = "") => `/api/${user.id}/tasks${id === "" ? "" : `/${id}`}`;
const trash = (user: TestUser, rest = "") => `/api/${user.id}/trash${rest}`;
const create = async (title: string): Promise<Task> =>
  taskSchema.parse(await (await call(h, anna, "POST", tasks(anna), { body: { title } })).json());
const listed = async () => trashPageSchema.parse(await (await call(h, anna, "GET", trash(anna))).json());

test("a deleted task is listed in the trash, restored with its id, and deleted for good", async () => {
  const task = await create("bread");
  await call(h, anna, "DELETE", tasks(anna, task.id));
  expect((await listed()).tasks).toMatchObject([{ id: task.id, title: "bread", deleted_at: expect.any(String) }]);
  const restored = await call(h, anna, "POST", trash(anna, `/${task.id}/restore`));
  expect([restored.status, restored.headers.get("etag")]).toEqual([200, '"3"']);
  expect(taskSchema.parse(await restored.json())).toMatchObject({ id: task.id, title: "bread" });
  expect((await call(h, anna, "GET", tasks(anna, task.id))).status).toBe(200);

  const statuses = [];
  for (const [method, path] of [
    ["DELETE", trash(anna, `/${task.id}`)],
    ["DELETE", tasks(anna, task.id)],
    ["DELETE", trash(anna, `/${task.id}`)],
    ["DELETE", trash(anna, `/${task.id}`)],
    ["POST", trash(anna, `/${task.id}/restore`)],
  ] as const) {
    statuses.push((await call(h, anna, method, path)).status);
  }
  expect(statuses).toEqual([404, 204, 204, 404, 404]);
});

test("emptying the trash deletes at once, whatever the page of it shows", async () => {
  for (const title of ["one", "two"]) await call(h, anna, "DELETE", tasks(anna, (await create(title)).id));
  const answer = await call(h, anna, "DELETE", trash(anna));
  expect(emptiedTrashSchema.parse(await answer.json())).toEqual({ deleted: 2, left: 0 });
  expect(await listed()).toEqual({ tasks: [], total: 0, next_cursor: null });
});

test("a full quota is a problem that says what is full, and emptying the trash makes room", async () => {
  const ben = await h.user("ben");
  const db = createDatabase({
    url: h.database.appUrl,
    ssl: { mode: "disable" },
    poolSize: 2,
    applicationName: "test",
    log: { info: () => {}, warn: () => {}, error: () => {} },
    quotas: { tasks: 1, conversations: 1 },
  });
  try {
    const full = buildApi({ ...h.deps, db });
    const ask = (method: string, path: string, body?: object) =>
      full.fetch(
        new Request(`${h.url}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${ben.token}`,
            accept: "application/json",
            "content-type": "application/json",
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      );
    const add = () => ask("POST", tasks(ben), { title: "bread" });
    const { id } = taskSchema.parse(await (await add()).json());
    const refused = await add();
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: "quota_exceeded", detail: expect.stringMatching(/may hold 1 tasks.*empty the trash/) },
    ]);
    await ask("DELETE", tasks(ben, id));
    expect((await add()).status).toBe(409);
    await ask("DELETE", trash(ben));
    expect((await add()).status).toBe(201);

    expect((await ask("POST", "/api/chat", { message: "hello" })).status).toBe(200);
    const chat = await ask("POST", "/api/chat", { message: "hello" });
    expect([chat.status, await chat.json()]).toMatchObject([409, { detail: expect.stringMatching(/1 conversations/) }]);
    const { conversations } = (await (await ask("GET", "/api/conversations")).json()) as {
      conversations: { id: string }[];
    };
    expect((await ask("DELETE", `/api/conversations/${conversations[0]?.id}`)).status).toBe(204);
    // A deleted conversation leaves nothing behind.
    const { rows } = await runSql(
      h.database.adminUrl,
      "select (select count(*) from app.message where user_id = $1)::int as messages, conversations::int from app.usage where user_id = $1",
      [ben.id],
    );
    expect(rows).toEqual([{ messages: 0, conversations: 0 }]);
    expect((await ask("POST", "/api/chat", { message: "hello" })).status).toBe(200);
  } finally {
    await db.close();
  }
});
