import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDatabase, type Database } from "./database.ts";
import { QuotaExceededError, type Quotas } from "./quota-error.ts";
import { createTestDatabase, runSql, type TestDatabase } from "./testing/index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let server: TestDatabase;
const open: Database[] = [];

beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(async () => {
  await Promise.all(open.map((db) => db.close()));
  await server.drop();
});

function databaseWith(quotas: Quotas, poolSize = 8): Database {
  const db = createDatabase({
    url: server.appUrl,
    ssl: { mode: "disable" },
    poolSize,
    applicationName: "test",
    log,
    quotas,
  });
  open.push(db);
  return db;
}

const taskId = (number: number) => `t_${String(number).padStart(12, "0")}`;
const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
const addTask = (db: Database, user: string, number: number, notes = "") =>
  db.asUser(user, (tx) =>
    tx
      .insertInto("app.task")
      .values({ user_id: user, id: taskId(number), title: "task", notes, due: null })
      .execute(),
  );
const addConversation = (db: Database, user: string, number: number) =>
  db.asUser(user, (tx) =>
    tx
      .insertInto("app.conversation")
      .values({ user_id: user, id: uuid(number), title: "c" })
      .execute(),
  );
const addMessage = (
  db: Database,
  user: string,
  conversation: number,
  number: number,
  text: string,
  overQuota = false,
) =>
  db.asUser(
    user,
    (tx) =>
      tx
        .insertInto("app.message")
        .values({
          user_id: user,
          id: uuid(number),
          conversation_id: uuid(conversation),
          seq: number,
          role: "user",
          parts: JSON.stringify([{ text }]),
          metadata: "{}",
        })
        .execute(),
    { overQuota },
  );

async function usage(user: string): Promise<unknown> {
  const { rows } = await runSql(
    server.adminUrl,
    "select tasks::int, conversations::int, bytes::int, labels::int from app.usage where user_id = $1",
    [user],
  );
  return rows[0];
}

/** The same, counted. */
async function counted(user: string): Promise<unknown> {
  const { rows } = await runSql(
    server.adminUrl,
    `select (select count(*) from app.task where user_id = $1)::int as tasks,
       (select count(*) from app.conversation where user_id = $1)::int as conversations,
       ((select count(*) from app.project where user_id = $1) + (select count(*) from app.tag where user_id = $1))::int as labels,
       (coalesce((select sum(octet_length(title) + octet_length(notes)) from app.task where user_id = $1), 0)
         + coalesce((select sum(octet_length(parts::text)) from app.message where user_id = $1), 0)
         + coalesce((select sum(octet_length(name)) from app.project where user_id = $1), 0)
         + coalesce((select sum(octet_length(name)) from app.tag where user_id = $1), 0))::int as bytes`,
    [user],
  );
  return rows[0];
}

interface Step {
  readonly action: "add" | "write" | "trash" | "purge" | "ask" | "forget" | "roll back" | "name" | "rename" | "unname";
  readonly which: number;
  readonly text: string;
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  action: fc.constantFrom("add", "write", "trash", "purge", "ask", "forget", "roll back", "name", "rename", "unname"),
  which: fc.nat({ max: 4 }),
  text: fc.string({ unit: "grapheme", maxLength: 200 }).map((text) => text.toWellFormed().replaceAll("\0", "")),
});

async function take(db: Database, user: string, { action, which, text }: Step, number: number): Promise<void> {
  await db.asUser(user, async (tx) => {
    if (action === "write" || action === "trash") {
      await tx
        .updateTable("app.task")
        .set(action === "write" ? { notes: text } : { deleted_at: new Date() })
        .where("user_id", "=", user)
        .where("id", "=", taskId(which))
        .execute();
    } else if (action === "purge") await sql`delete from app.task where id <= ${taskId(which)}`.execute(tx);
    else if (action === "name") {
      const label = { user_id: user, id: `p_${taskId(which).slice(2)}`, name: `${which} ${text.slice(0, 50)}` };
      await tx
        .insertInto("app.project")
        .values(label)
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await sql`insert into app.tag (user_id, id, name) select user_id, 'g' || substr(id, 2), name || '!'
        from app.project where user_id = ${user} on conflict do nothing`.execute(tx);
    } else if (action === "rename")
      await sql`update app.tag set name = name || '?' where user_id = ${user}`.execute(tx);
    else if (action === "unname") {
      await sql`delete from app.project where user_id = ${user} and id <= ${`p_${taskId(which).slice(2)}`}`.execute(tx);
      await sql`delete from app.tag where user_id = ${user} and id > ${`g_${taskId(which).slice(2)}`}`.execute(tx);
    } else if (action === "forget") await sql`delete from app.conversation where id = ${uuid(which)}`.execute(tx);
  });
  if (action === "add" || action === "roll back") {
    const added = db.asUser(user, async (tx) => {
      const row = { user_id: user, id: taskId(which), title: "t", notes: text, due: null };
      await tx.insertInto("app.task").values(row).execute();
      if (action === "roll back") throw new Error("rolled back");
    });
    await added.catch(() => {});
  }
  if (action === "ask") {
    await addConversation(db, user, which).catch(() => {});
    await addMessage(db, user, which, 1_000 + number, text);
  }
}

test("the totals of a user are what counting gives, whatever was done", async () => {
  const db = databaseWith({});
  await fc.assert(
    fc.asyncProperty(fc.array(stepArbitrary, { minLength: 15, maxLength: 30 }), async (steps) => {
      const user = await server.createUser("Ann");
      await addTask(db, user, 999);
      for (const [number, step] of steps.entries()) await take(db, user, step, number);
      expect(await usage(user)).toEqual(await counted(user));
    }),
    { numRuns: 5, endOnFailure: true },
  );
});

test("of many requests at a time exactly as many succeed as the quota allows", async () => {
  const user = await server.createUser("Ann");
  const other = await server.createUser("Ben");
  const dbs = [databaseWith({ tasks: 5 }, 16), databaseWith({ tasks: 5 }, 16)];
  const attempts = Array.from({ length: 24 }, (_, number) => addTask(dbs[number % 2]!, user, number));
  const settled = await Promise.allSettled(attempts);
  const refused = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
  expect(refused).toHaveLength(19);
  for (const reason of refused) expect(reason).toBeInstanceOf(QuotaExceededError);
  expect(refused[0].message).toMatch(/may hold 5 tasks.*trash/);
  expect(await usage(user)).toEqual({ tasks: 5, conversations: 0, bytes: 20, labels: 0 });
  await addTask(dbs[0]!, other, 1);
});

test("each quota is refused with its own sentence, and what makes room is not refused", async () => {
  const user = await server.createUser("Ann");
  await addTask(databaseWith({}), user, 1, "n".repeat(3_000_000 / 200));
  await addConversation(databaseWith({}), user, 1);
  const full = databaseWith({ tasks: 1, conversations: 1, bytes: 10_000 });
  await expect(addTask(full, user, 2)).rejects.toThrow(/tasks/);
  await expect(addConversation(full, user, 2)).rejects.toThrow(/conversations/);
  await expect(addMessage(full, user, 1, 1, "hello")).rejects.toThrow(/storage is full/);
  const write = (notes: string) =>
    full.asUser(user, (tx) => sql`update app.task set notes = ${notes} where user_id = ${user}`.execute(tx));
  await expect(write("n".repeat(19_000))).rejects.toThrow(/storage is full/);
  await write("n".repeat(14_000));
  await addMessage(full, user, 1, 1, "an answer", true);
  await full.asUser(user, (tx) => sql`delete from app.task where user_id = ${user}`.execute(tx));
  await addMessage(full, user, 1, 2, "hello");
  expect(await usage(user)).toEqual(await counted(user));
});

test("an account at its quota is deleted with everything it has", async () => {
  const user = await server.createUser("Ann");
  const db = databaseWith({ tasks: 1 });
  await addTask(db, user, 1);
  await addConversation(db, user, 1);
  await addMessage(db, user, 1, 1, "hello");
  await db.asUser(user, async (tx) => {
    await sql`insert into app.project (user_id, id, name) values (${user}, 'p_000000000001', 'Home')`.execute(tx);
    await sql`insert into app.tag (user_id, id, name) values (${user}, 'g_000000000001', 'calls')`.execute(tx);
    await sql`update app.task set project_id = 'p_000000000001' where user_id = ${user}`.execute(tx);
    await sql`insert into app.task_tag values (${user}, ${taskId(1)}, 'g_000000000001')`.execute(tx);
  });
  await runSql(server.authUrl, `delete from auth."user" where id = $1`, [user]);
  expect([await usage(user), await counted(user)]).toEqual([
    undefined,
    { tasks: 0, conversations: 0, bytes: 0, labels: 0 },
  ]);
});
