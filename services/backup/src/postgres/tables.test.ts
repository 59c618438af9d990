import { createTestDatabase, runSql, type TestDatabase } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { factsFrom, factsQuery, LIST_TABLES } from "./tables.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await runSql(database.adminUrl, "create table app.plain (a int, b text)");
});
afterAll(() => database.drop());

async function factsAfter(statement: string) {
  await runSql(database.adminUrl, statement);
  const { rows } = await runSql(database.adminUrl, factsQuery("app.plain"));
  return factsFrom(rows[0].facts);
}

it("a digest depends on every value and on how often a row is there, and not on the order", async () => {
  const empty = await factsAfter("truncate app.plain");
  expect(empty).toMatchObject({ name: "app.plain", rows: 0 });
  const first = await factsAfter("insert into app.plain values (1, 'a'), (2, null), (3, '')");
  expect(await factsAfter("truncate app.plain; insert into app.plain values (3, ''), (1, 'a'), (2, null)")).toEqual(
    first,
  );
  const others = [
    await factsAfter("update app.plain set b = 'A' where a = 1"),
    await factsAfter("truncate app.plain; insert into app.plain values (1, 'a'), (2, ''), (3, '')"),
    await factsAfter("truncate app.plain; insert into app.plain values (1, 'a'), (1, 'a'), (2, null), (3, '')"),
    await factsAfter("truncate app.plain; insert into app.plain values (1, null), (2, 'a'), (3, '')"),
  ];
  expect(new Set([empty, first, ...others].map(({ digest }) => digest)).size).toBe(6);
});

it("every table of both schemas is read, also one with a name that needs quotes", async () => {
  const { rows } = await runSql(database.adminUrl, LIST_TABLES);
  const names = rows.map(({ name }) => name);
  expect(names).toContain('auth."rateLimit"');
  for (const name of names) {
    const { rows: facts } = await runSql(database.adminUrl, factsQuery(name));
    expect(factsFrom(facts[0].facts).name).toBe(name);
  }
});
