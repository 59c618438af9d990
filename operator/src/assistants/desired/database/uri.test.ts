import { describe, expect, it } from "vitest";
import { parseDatabaseUri } from "./database-uri.ts";

describe("the address of an external database", () => {
  it.each([
    ["postgresql://u:p@pg.example.com:6432/tasks", { host: "pg.example.com", port: 6432, database: "tasks" }],
    [
      "postgres://u:p%40w@PG.example.com/my%20db?sslmode=require\n",
      { host: "PG.example.com", port: 5432, database: "my db" },
    ],
    ["postgresql://u:p@[fd00::5]:5433/tasks", { host: "fd00::5", port: 5433, database: "tasks" }],
  ])("reads host, port and database of %s", (uri, endpoint) => {
    expect(parseDatabaseUri(uri)).toEqual({ endpoint });
  });

  it.each([
    ["", "not a URL"],
    ["host=pg dbname=x", "not a URL"],
    ["mysql://u:p@h/d", "scheme is mysql"],
    ["postgresql:///tasks", "exactly one host"],
    ["postgresql://u:p@a,b/tasks", "exactly one host"],
    [`postgresql://u:p@${"h".repeat(254)}/tasks`, "longer than 253"],
    ["postgresql://h/tasks", "not name a user"],
    ["postgresql://u:p@h", "not name a database"],
    ["postgresql://u:p@h/", "not name a database"],
    ["postgresql://u:p@h/%zz", "not name a database"],
  ])("is refused in %j with the reason and without the password", (uri, why) => {
    const result = parseDatabaseUri(uri.replace(":p@", ":hunter2@"));
    expect("problem" in result && result.problem).toContain(why);
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });
});
