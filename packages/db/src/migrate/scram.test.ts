import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Postgres, runSql, startPostgres, withParts } from "../testing/index.ts";
import { scramVerifier } from "./scram.ts";

let server: Postgres;
const role = `ta_test_scram_${randomBytes(4).toString("hex")}`;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await runSql(server.adminUrl, `drop role if exists ${role}`);
  await server.stop();
});

test("PostgreSQL accepts the password that the verifier was created from, and no other", async () => {
  const password = `it's "quoted" \\ and $spaced`;
  await runSql(server.adminUrl, `create role ${role} login password '${scramVerifier(password)}'`);
  await expect(runSql(withParts(server.adminUrl, { user: role, password }), "select 1")).resolves.toBeDefined();
  const wrong = runSql(withParts(server.adminUrl, { user: role, password: `${password}x` }), "select 1");
  await expect(wrong).rejects.toMatchObject({ code: "28P01" });
});

test("a password that is empty or not printable ASCII is refused", () => {
  expect(() => scramVerifier("pässword")).toThrow(RangeError);
  expect(() => scramVerifier("")).toThrow(RangeError);
});
