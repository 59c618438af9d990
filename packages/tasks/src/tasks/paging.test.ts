import { createDatabase, type Database } from "@taskassistant/db";
import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Tasks, tasksFor } from "../index.ts";

const log = { info: () => {}, warn: () => {}, error: () => {} };
let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await createTestDatabase();
  db = createDatabase({ url: server.appUrl, ssl: { mode: "disable" }, poolSize: 2, applicationName: "test", log });
});
afterAll(async () => {
  await db?.close();
  await server?.drop();
});

interface Row {
  due: string | null;
  /** In milliseconds. There are few values, so that many rows share one. */
  created: number;
  done: boolean;
}

const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  due: fc.constantFrom(null, "2026-03-01", "2026-03-02", "0001-01-01", "9999-12-31"),
  created: fc.constantFrom(1_700_000_000_000, 1_700_000_000_001, 1_700_000_000_999),
  done: fc.boolean(),
});

/** Inserts rows with their moment of creation, which `add` would choose itself. */
async function fill(userId: string, rows: readonly Row[]): Promise<string[]> {
  const ids = rows.map((_, index) => `t_${((index * 7919) % 10_000).toString().padStart(12, "0")}`);
  await runSql(
    server.adminUrl,
    `insert into app.task (user_id, id, title, due, created_at, completed_at)
     select $1, id, 'task', due::date, to_timestamp(created / 1000.0), case when done then now() end
     from unnest($2::text[], $3::text[], $4::float8[], $5::bool[]) as row (id, due, created, done)`,
    [userId, ids, rows.map((row) => row.due), rows.map((row) => row.created), rows.map((row) => row.done)],
  );
  return ids;
}

async function allPages(tasks: Tasks, status: "open" | "all", limit: number, total: number): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await tasks.list({ status, limit, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.total).toBe(total);
    expect(page.tasks.length).toBeLessThanOrEqual(limit);
    seen.push(...page.tasks.map((task) => task.id));
    cursor = page.next_cursor ?? undefined;
    // A page has a cursor only when there are more tasks.
    if (cursor !== undefined) expect(seen.length).toBeLessThan(total);
  } while (cursor !== undefined);
  return seen;
}

test("the pages together are the whole list in order, without gaps and repetitions", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(rowArbitrary, { maxLength: 40, size: "max" }),
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom("open" as const, "all" as const),
      async (rows, limit, status) => {
        const userId = await server.createUser("Ann");
        const ids = await fill(userId, rows);
        const key = (row: Row, index: number) => `${row.due ?? "infinity"} ${row.created} ${ids[index]}`;
        const expected = rows
          .map((row, index) => ({ row, id: ids[index], key: key(row, index) }))
          .filter(({ row }) => status === "all" || !row.done)
          .sort((a, b) => (a.key < b.key ? -1 : 1))
          .map(({ id }) => id);
        expect(await allPages(tasksFor(db, userId), status, limit, expected.length)).toEqual(expected);
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
});

test("a page continues after the task that the page before ended with, even when that task was deleted", async () => {
  const tasks = tasksFor(db, await server.createUser("Ann"));
  const added: string[] = [];
  for (const title of ["a", "b", "c", "d"]) added.push((await tasks.add({ title })).id);
  // The database's clock is finer than the milliseconds of a cursor.
  expect((await allPages(tasks, "open", 1, 4)).sort()).toEqual(added.sort());
  const first = await tasks.list({ limit: 2 });
  await tasks.delete(first.tasks.map((task) => task.id));
  const second = await tasks.list({ limit: 2, cursor: first.next_cursor ?? "" });
  expect([...first.tasks, ...second.tasks].map((task) => task.id).sort()).toEqual(added);
});

test("a user's list is read from its index in order, however many rows others have", async () => {
  const userId = await server.createUser("Ann");
  await fill(
    userId,
    Array.from({ length: 200 }, (_, index) => ({ due: null, created: index, done: false })),
  );
  for (let other = 0; other < 20; other++) {
    const rows = Array.from({ length: 200 }, (_, index) => ({ due: null, created: index, done: false }));
    await fill(await server.createUser("Other"), rows);
  }
  await runSql(server.adminUrl, "analyze app.task");
  const { rows } = await runSql(
    server.adminUrl,
    `explain select id from app.task where user_id = '${userId}' and deleted_at is null and completed_at is null
       and (due_order, created_at, id) > ('infinity'::date, to_timestamp(0.05), 't_0') order by due_order, created_at, id limit 51`,
  );
  const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
  expect(plan).toContain("task_list");
  expect(plan).not.toContain("Sort");
});

test("a page ends early when its texts are long, and the pages together are still the whole list", async () => {
  const userId = await server.createUser("Ann");
  const tasks = tasksFor(db, userId);
  const notes = "\u{1f600}".repeat(10_000);
  await runSql(
    server.adminUrl,
    `insert into app.task (user_id, id, title, notes)
     select $1, 't_' || lpad(n::text, 12, '0'), 'task', $2 from generate_series(1, 40) n`,
    [userId, notes],
  );
  const first = await tasks.list({ limit: 100 });
  expect(first.tasks.length * 40_000).toBeLessThan(600_000);
  expect([first.total, first.next_cursor === null]).toEqual([40, false]);
  expect(new Set(await allPages(tasks, "open", 100, 40)).size).toBe(40);
  expect(await allPages(tasks, "open", 5, 40)).toHaveLength(40);
});
