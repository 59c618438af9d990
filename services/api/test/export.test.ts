import { taskSchema } from "@taskassistant/contracts";
import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.close());

const download = (user: TestUser, query = "", signal?: AbortSignal) =>
  call(h, user, "GET", `/api/${user.id}/export${query}`, signal === undefined ? {} : { signal });
const add = (user: TestUser, body: object) => call(h, user, "POST", `/api/${user.id}/tasks`, { body });

/** Puts many tasks into the database at once. */
async function fill(user: TestUser, count: number, notes: string): Promise<void> {
  await runSql(
    h.database.adminUrl,
    `insert into app.task (user_id, id, title, notes)
       select $1, 't_' || lpad(n::text, 12, '0'), 'task ' || n, $3 from generate_series(1, $2::int) n`,
    [user.id, count, notes],
  );
}

test("a file has all tasks of the user but those in the trash, whatever its format", async () => {
  const [anna, ben] = await Promise.all([h.user("anna"), h.user("ben")]);
  await add(ben, { title: "secret" });
  const gone = taskSchema.parse(await (await add(anna, { title: "gone" })).json());
  await call(h, anna, "DELETE", `/api/${anna.id}/tasks/${gone.id}`);
  await fill(anna, 60, "note");
  for (const [format, type, extension] of [
    ["", "application/json", "json"],
    ["?format=csv", "text/csv; charset=utf-8", "csv"],
    ["?format=ics", "text/calendar; charset=utf-8", "ics"],
    ["?format=md", "text/markdown; charset=utf-8", "md"],
  ] as const) {
    const response = await download(anna, format);
    expect([response.status, response.headers.get("content-type")]).toEqual([200, type]);
    expect(response.headers.get("content-disposition")).toMatch(
      new RegExp(`^attachment; filename="tasks-\\d{4}-\\d{2}-\\d{2}\\.${extension}"$`),
    );
    const text = await response.text();
    for (let n = 1; n <= 60; n++) expect(text.split(new RegExp(`task ${n}\\b`))).toHaveLength(2);
    expect(text).not.toMatch(/gone|secret/);
  }
});

test("another format is refused with those there are", async () => {
  const carla = await h.user("carla");
  const response = await download(carla, "?format=xlsx");
  expect([response.status, await response.text()]).toEqual([400, expect.stringMatching(/json.*csv.*ics.*md/)]);
});

test("a user without tasks gets a whole file", async () => {
  const dora = await h.user("dora");
  expect(await (await download(dora)).json()).toMatchObject({ tasks: [] });
});

test("files that nobody reads keep nobody from theirs, and a long one arrives whole", async () => {
  const [eve, frida] = await Promise.all([h.user("eve"), h.user("frida")]);
  await fill(eve, 150, "ü".repeat(20_000));
  await fill(frida, 60, "note");
  const stop = new AbortController();
  await Promise.all(Array.from({ length: 10 }, () => download(eve, "", stop.signal)));
  expect(await (await download(frida)).json()).toMatchObject({ tasks: { length: 60 } });
  stop.abort();
  const read = async () => {
    const response = await download(eve);
    return response.ok ? ((await response.json()) as { tasks: unknown[] }).tasks.length : response.text();
  };
  await expect.poll(read, { timeout: 20_000 }).toBe(150);
});
