import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { USER_TABLE_PATTERN } from "@taskassistant/db/testing";
import { expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * The statements in a source text that mention a user's table and don't name the user as often. Complements the
 * recorded statements: it also sees those that no test runs.
 */
function unscopedSources(source: string): string[] {
  const starts =
    /\b(selectFrom|updateTable|deleteFrom|insertInto|mergeInto|replaceInto)\(\s*["'`]app\.|\bsql(<[^`]*>)?`/g;
  const found: string[] = [];
  for (const match of source.matchAll(starts)) {
    const rest = source.slice(match.index);
    const text = rest.slice(0, endOfStatement(rest));
    // A table's name, not the one in front of a column.
    const tables = text.match(new RegExp(`\\bapp\\.(${USER_TABLE_PATTERN})\\b(?!\\.)`, "g"))?.length ?? 0;
    const filters = text.match(
      /\.where\("[\w.]*\buser_id", "=", userId\)|\buser_id: userId\b|\buser_id = \$\{userId\}/g,
    );
    if (tables > (filters?.length ?? 0)) found.push(text.slice(0, 200));
  }
  return found;
}

/** A query builder ends at its semicolon, a template at its closing backtick. */
function endOfStatement(text: string): number {
  const end = text.startsWith("sql") ? text.indexOf("`", text.indexOf("`") + 1) : text.indexOf(";");
  return end < 0 ? text.length : end;
}

test("every statement on user data in the sources names the user", () => {
  const files = globSync("{packages,services}/*/{src,lib,server,app}/**/*.{ts,tsx}", { cwd: ROOT }).filter(
    (file) => !/\.test\.tsx?$|node_modules|packages\/db\/src\/(migrations|testing)\//.test(file),
  );
  const sources = files.map((file) => [file, readFileSync(`${ROOT}/${file}`, "utf8")] as const);
  expect(sources.filter(([, text]) => text.includes('"app.task"')).length).toBeGreaterThanOrEqual(2);
  const wrong = sources.flatMap(([file, text]) => unscopedSources(text).map((statement) => `${file}: ${statement}`));
  expect(wrong).toEqual([]);
});

test.each([
  `tx.selectFrom("app.task").select("id").where("id", "=", id).execute();`,
  `tx.updateTable("app.task").set({ title }).where("id", "=", id).execute();`,
  `tx.deleteFrom("app.message").where("user_id", "=", other).execute();`,
  `tx.insertInto("app.task").values({ id, title }).execute();`,
  "sql`delete from app.message where id = 'x'`.execute(tx);",
  "sql<{ id: string }>`select id from app.task`.execute(tx);",
  `tx.selectFrom("app.message").innerJoin("app.conversation", "a", "b").where("user_id", "=", userId).execute();`,
])("a statement that does not name the user is found: %s", (statement) => {
  expect(
    unscopedSources(`const a = 1;\n${statement}\nsomething("app.task").where("user_id", "=", userId);`),
  ).toHaveLength(1);
});
