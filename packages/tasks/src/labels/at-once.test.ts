import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type Tasks, tasksFor } from "../index.ts";
import { lockLabels } from "./lock.ts";
import { addTags } from "./mention.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let server: TestDatabase;
let db: Database;
let other: Database;
let user: string;
let tasks: Tasks;

beforeAll(async () => {
  server = await createTestDatabase();
  const config = { url: server.appUrl, ssl: { mode: "disable" }, poolSize: 8, applicationName: "test", log } as const;
  db = createDatabase(config);
  other = createDatabase(config);
});
afterAll(async () => {
  await db?.close();
  await other?.close();
  await server?.drop();
});
beforeEach(async () => {
  user = await server.createUser("Ann");
  tasks = tasksFor(db, user);
});

async function untilWaiting(count: number) {
  const text = `select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  const waiting = async () => (await runSql(server.adminUrl, text)).rows[0].waiting;
  await expect.poll(waiting, { interval: 20 }).toBe(count);
}

/** Starts one change after the other while both must wait for the row of totals. */
async function queued(first: () => Promise<unknown>, second: () => Promise<unknown>) {
  return other.asUser(user, async (tx) => {
    await sql`select from app.usage for update`.execute(tx);
    const one = first();
    one.catch(() => {});
    await untilWaiting(1);
    const two = second();
    two.catch(() => {});
    await untilWaiting(2);
    return [one, two];
  });
}

test.for<[string, (id: string) => Promise<unknown>]>([
  ["a patch of another task", (id) => tasks.update(id, { tags: ["New"] })],
  ["a renamed tag", async () => tasks.updateTag((await tasks.listTags()).tags[0]!.id, { name: "new" })],
])("a new task and %s that make the same name at a time do not wait for each other", async ([, change]) => {
  const { id } = await tasks.add({ title: "report", tags: ["a"] });
  const changes = await queued(
    () => tasks.add({ title: "mail", tags: ["new"] }),
    () => change(id),
  );
  for (const result of await Promise.allSettled(changes)) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ name: "LabelTakenError" });
  }
  expect((await tasks.list({ tag: "new" })).tasks.map(({ title }) => title)).toContain("mail");
});

test.for<["project" | "tag"]>([["project"], ["tag"]])(
  "a %s that a change has found is there until the change is made",
  async ([noun]) => {
    const project = await tasks.addProject({ name: "Work" });
    const tag = await tasks.addTag({ name: "calls" });
    const { id } = await tasks.add({ title: "report" });
    const { deletion } = await other.asUser(user, async (tx) => {
      await lockLabels(tx, user);
      const deletion = noun === "project" ? tasks.deleteProject(project.id) : tasks.deleteTag(tag.id);
      await Promise.race([deletion, untilWaiting(1)]);
      if (noun === "project") {
        await tx.updateTable("app.task").set({ project_id: project.id }).where("user_id", "=", user).execute();
      } else await addTags(tx, user, id, [tag.id]);
      return { deletion };
    });
    await deletion;
    expect(await tasks.get(id)).toMatchObject({ project: null, tags: [], version: 2 });
  },
);
