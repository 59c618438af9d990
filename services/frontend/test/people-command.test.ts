import { execFile } from "node:child_process";
import { join } from "node:path";
import { withParts } from "@taskassistant/db/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRecord } from "../server/people/audit.ts";
import { runCommand } from "../server/people/command/run.ts";
import { parseCommand, USAGE } from "../server/people/command/usage.ts";
import { createLinks } from "../server/people/links.ts";
import { createPeople } from "../server/people/people.ts";
import { authRequest } from "./frontend-fixture.ts";
import { NEW_PASSWORD, OWNER, type PeopleHarness, startPeople } from "./people-harness.ts";

const PROGRAM = join(import.meta.dirname, "../server/people/command/main.ts");

let harness: PeopleHarness;
let pool: pg.Pool;
let deps: Parameters<typeof runCommand>[1];
beforeAll(async () => {
  harness = await startPeople();
  pool = new pg.Pool({ connectionString: harness.database.authUrl });
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  deps = {
    people: createPeople(pool),
    links: createLinks({ pool, publicUrl: "http://localhost:3000" }),
    record: createRecord(pool, quiet),
  };
});
afterAll(async () => {
  await pool?.end();
  await harness?.close();
});

interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

function run(args: string[], env: Record<string, string> = {}): Promise<Run> {
  const all = {
    NODE_ENV: "production" as const,
    DATABASE_URL: harness.database.authUrl,
    BETTER_AUTH_URL: "http://localhost:3000",
    ...env,
  };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [PROGRAM, ...args], { env: all }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe("the command for people", () => {
  it("lists people, and a name can't control the terminal or add a line", async () => {
    await harness.sql(
      `insert into auth."user" (id, name, email, "emailVerified") values ('ann', $1, 'ann@example.test', false)`,
      ["A\u001b[31m\nB\u2028C"],
    );
    const { code, stdout, stderr } = await run(["list"]);
    expect([code, stderr]).toEqual([0, ""]);
    const today = new Date().toISOString().slice(0, 10);
    expect(stdout.split("\n")).toEqual([
      "ADDRESS              NAME         ROLE            STATE     LAST SEEN",
      "ann@example.test     A [31m B C   user            enabled   never",
      `${OWNER.email}   owner        administrator   enabled   ${today}`,
      "",
    ]);
    expect(await runCommand({ name: "list", search: "nobody has this" }, deps)).toBe("No account matches.\n");
  });

  it("prints a link that works once", async () => {
    const { code, stdout } = await run(["invite", "Ben@Example.test", "--days", "2"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^This link creates one account for ben@example\.test\. It works once, until \d{4}-\d\d-\d\d \d\d:\d\d UTC\.\n\n {2}http:\/\/localhost:3000\/join#[\w-]{43}\n\nWhoever/,
    );
    const secret = /#([\w-]{43})/.exec(stdout)?.[1] ?? "";
    expect((await harness.join(secret)).status).toBe(200);
    expect((await harness.join(secret)).status).toBe(410);
  });

  it("sets a password by a link and makes an administrator, so that an assistant without one is never stuck", async () => {
    await harness.newcomer("Carl");
    const address = "carl@example.test";
    const stdout = await runCommand({ name: "password-link", address, days: 1 }, deps);
    const secret = /#([\w-]{43})/.exec(stdout)?.[1] ?? "";
    expect((await harness.setPassword(secret, "five brave kettles sing")).status).toBe(200);
    await harness.sql(`update auth."user" set role = 'user'`);
    expect(await runCommand({ name: "promote", address }, deps)).toBe(`${address} is an administrator now.\n`);
    const carl = await harness.signedIn("carl@example.test", "five brave kettles sing");
    expect((await harness.ask(carl, "GET")).status).toBe(200);
    expect(await runCommand({ name: "demote", address }, deps)).toBe(
      `${address} is no longer an administrator.\nNobody is an administrator now. Make somebody one with: promote ADDRESS\n`,
    );
    await harness.sql(`update auth."user" set role = 'administrator' where email = $1`, [OWNER.email]);
  });

  it("disables a person at once and enables them again", async () => {
    const dora = await harness.newcomer("Dora");
    const done = (name: "disable" | "enable" | "promote") => runCommand({ name, address: dora.email }, deps);
    expect(await done("disable")).toMatch(/signed out everywhere/);
    const session = await harness.app.routes.auth(authRequest("/get-session", { headers: { cookie: dora.cookie } }));
    expect(await session.json()).toBeNull();
    const refused = { message: "This account is disabled. Enable it first." };
    await expect(done("promote")).rejects.toMatchObject(refused);
    await expect(runCommand({ name: "password-link", address: dora.email, days: 1 }, deps)).rejects.toMatchObject(
      refused,
    );
    await done("enable");
    expect((await harness.signIn(dora.email, NEW_PASSWORD)).status).toBe(200);
  });

  it("leaves a row of the audit without an actor by whatever it changes", async () => {
    const { id, email: address } = await harness.newcomer("Gus");
    const before = (await harness.audited()).length;
    const gus = await harness.pseudonym(id);
    for (const name of ["promote", "demote", "disable", "enable"] as const) await runCommand({ name, address }, deps);
    await runCommand({ name: "list", search: "gus" }, deps);
    expect((await run(["password-link", address])).code).toBe(0);
    expect((await run(["invite"])).code).toBe(0);
    const rows = (await harness.audited()).slice(before);
    expect(rows.map(({ actor, subject, action, link }) => [actor, subject, action, link !== null])).toEqual([
      ...["promote", "demote", "disable", "enable"].map((action) => [null, gus, action, false]),
      [null, gus, "make password link", true],
      [null, null, "invite", true],
    ]);
  });

  it("says who is missing and what to do", async () => {
    expect(await run(["promote", "nobody@example.test"])).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "Nobody has an account with the address nobody@example.test. See who has one with: list. Add a person with: invite.\n",
    });
    const invite = runCommand({ name: "invite", address: OWNER.email, days: 1 }, deps);
    await expect(invite).rejects.toThrow("This address has an account already.");
  });

  it.each([
    [["remove"], "Unknown command 'remove'."],
    [["promote"], "promote needs the address of a person."],
    [["promote", "ann"], "'ann' is not an email address, such as name@example.org."],
    [["promote", "a@b.test", "c@d.test"], "Unexpected argument 'c@d.test'."],
    [["promote", "a@b.test", "--days", "2"], "promote takes no --days."],
    [["invite", "--days", "31"], "--days takes a number from 1 to 30."],
    [["invite", "--days"], "--days takes a number from 1 to 30."],
    [["invite", "--role=administrator"], "Unknown option '--role=administrator'."],
  ])("does not understand %j", (args, message) => {
    expect(() => parseCommand(args)).toThrow(message);
  });

  it("prints its usage when asked, without an environment, and with 2 when it was not understood", async () => {
    const { code, stdout } = await run([], { DATABASE_URL: "" });
    expect([code, stdout]).toEqual([0, USAGE]);
    expect(await run(["remove"])).toEqual({ code: 2, stdout: "", stderr: `Unknown command 'remove'.\n\n${USAGE}\n` });
  });

  it("fails with a reason, and without the password in it, where the database can't be used", async () => {
    const url = withParts(harness.database.authUrl, { password: "wrong-one" });
    const refused = await run(["list"], { DATABASE_URL: url, DATABASE_WAIT_SECONDS: "0" });
    expect([refused.code, refused.stdout]).toEqual([1, ""]);
    expect(refused.stderr).toMatch(/password authentication failed/);
    expect(refused.stderr).not.toContain("wrong-one");
    const missing = await run(["list"], { DATABASE_URL: "" });
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("DATABASE_URL")]);
  });
});
