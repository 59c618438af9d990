import { describe, expect, it } from "vitest";
import { parseDatabaseUri } from "./uri.ts";

describe("the address of an external database", () => {
  it.each([
    ["postgresql://u:p@pg.example.com:6432/tasks", { host: "pg.example.com", port: 6432, database: "tasks" }],
    [
      "postgres://u:p%40w@PG.example.com/my%20db?sslmode=require\n",
      { host: "PG.example.com", port: 5432, database: "my db", sslMode: "require" },
    ],
    [
      "postgresql://u:p@ep-1.aws.neon.tech/db?sslmode=require&channel_binding=require",
      { host: "ep-1.aws.neon.tech", port: 5432, database: "db", sslMode: "require" },
    ],
    [
      "postgresql://u:p@h.postgres.database.azure.com/db?sslmode=verify-full&sslrootcert=system",
      { host: "h.postgres.database.azure.com", port: 5432, database: "db", sslMode: "verify-full" },
    ],
    ["postgres://u:p@h/db?sslmode=no-verify", { host: "h", port: 5432, database: "db", sslMode: "require" }],
    ["postgres://u:p@h/db?ssl=true", { host: "h", port: 5432, database: "db", sslMode: "require" }],
    ["postgres://u:p@h/db?sslmode=prefer", { host: "h", port: 5432, database: "db" }],
    ["postgresql://u:p@[fd00::5]:5433/tasks", { host: "fd00::5", port: 5433, database: "tasks" }],
  ])("reads host, port and database of %s", (uri, endpoint) => {
    expect(parseDatabaseUri(uri)).toEqual({ endpoint });
  });

  it.each([
    ["", "not a URL"],
    ["host=pg dbname=x", "not a URL"],
    ["postgresql://u:p#w@h/d", "%23"],
    ["postgresql://u:p/w@h/d", "%2F"],
    ["postgresql://u:1/2@h/d", "%2F"],
    ["postgresql://u:p?w@h/d", "%3F"],
    ["postgresql://u:p@%2Fvar%2Frun/d", "Unix socket"],
    ["postgresql://u:p@h/d?host=/var/run", "parameter host"],
    ["postgresql://u:p@h/d?sslmode=full", "database.external.sslMode"],
    ["postgresql://u:p@h/d?sslrootcert=/ca.crt", "database.external.caBundleRef"],
    ["postgresql://u:p@h/d?sslcert=/c&sslkey=/k", "client certificate"],
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
