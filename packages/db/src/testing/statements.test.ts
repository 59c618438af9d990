import { expect, test } from "vitest";
import { unscoped } from "./statements.ts";

const judge = (sql: string, values: unknown[] = ["ann"], userId: string | undefined = "ann") =>
  unscoped({ sql, values, userId });

test.each([
  `select "id" from "app"."task" where "user_id" = $1 and ("a" is null or "b" is null) order by "id"`,
  `update "app"."task" set "title" = $2 where "user_id" = $1 returning "id"`,
  `delete from app.message where user_id = $1`,
  `insert into "app"."task" ("user_id", "id") values ($1, $2), ($1, $3) returning "id"`,
  `insert into "app"."conversation" ("id", "user_id") values ($2, $1) on conflict ("user_id", "id") do nothing`,
  `select * from "app"."message" where "user_id" = $1 and exists (select from "app"."task" where "user_id" = $1)`,
  `select schema_version from app.instance`,
])("keeps to its user: %s", (sql) => {
  expect(judge(sql)).toBeUndefined();
});

test.each([
  [`select * from "app"."task"`, "no filter"],
  [`select * from "app"."task" where "id" = $1`, "no filter"],
  [`update app.task set title = 'x'`, "no filter"],
  [`delete from "app"."message" where "conversation_id" = $1`, "no filter"],
  [`select * from "app"."task" where "user_id" = $1 or "title" = 'x'`, "'or'"],
  [`select * from "app"."task" where "user_id" = $1 and exists (select from "app"."message")`, "no filter"],
  [`select * from "app"."task" where "user_id" = $2`, "not the user"],
  [`insert into "app"."task" ("id") values ($1)`, "without user_id"],
  [`insert into "app"."task" ("user_id", "id") values ($1, $2), ($2, $1)`, "not the user"],
  [`insert into app.task (user_id, id) select user_id, id from app.task`, "without user_id"],
])("is caught: %s", (sql, problem) => {
  expect(judge(sql, ["ann", "bob"])).toContain(problem);
});

test("the right filter outside of asUser is caught", () => {
  const sql = `select * from "app"."task" where "user_id" = $1`;
  expect(unscoped({ sql, values: ["ann"], userId: undefined })).toContain("asUser");
});
