import { describe, expect, it } from "vitest";
import { parseDatabaseUri } from "./database-uri.ts";

describe("parseDatabaseUri", () => {
  it.each([
    ["postgresql://u:p@pg.example.com:6432/tasks", { host: "pg.example.com", port: 6432, database: "tasks" }],
    [
      "postgres://u:p%40w@PG.example.com/my%20db?sslmode=require\n",
      { host: "PG.example.com", port: 5432, database: "my db" },
    ],
    ["postgresql://u:p@[fd00::5]:5433/tasks", { host: "fd00::5", port: 5433, database: "tasks" }],
  ])("%s", (uri, endpoint) => {
    expect(parseDatabaseUri(uri)).toEqual({ endpoint });
  });

  it.each([
    ["", "no URL"],
    ["host=pg dbname=x", "no URL"],
    ["mysql://u:p@h/d", "scheme is mysql"],
    ["postgresql:///tasks", "no single host"],
    ["postgresql://u:p@a,b/tasks", "no single host"],
    [`postgresql://u:p@${"h".repeat(254)}/tasks`, "longer than 253"],
    ["postgresql://h/tasks", "no user"],
    ["postgresql://u:p@h", "no database"],
    ["postgresql://u:p@h/", "no database"],
    ["postgresql://u:p@h/%zz", "no database"],
  ])("refuses %j and says why, without its password", (uri, why) => {
    const result = parseDatabaseUri(uri.replace(":p@", ":hunter2@"));
    expect("problem" in result && result.problem).toContain(why);
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });
});
