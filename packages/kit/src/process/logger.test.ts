import { expect, it } from "vitest";
import { createTestKey, defaultClaims, signCompact } from "../testing/index.ts";
import { createLogger } from "./logger.ts";

function capture(level?: string) {
  const lines: string[] = [];
  const log = createLogger({
    name: "test",
    destination: { write: (line) => lines.push(line) },
    ...(level ? { level } : {}),
  });
  return { log, lines };
}

const token = signCompact({ alg: "EdDSA" }, defaultClaims("api", "https://ta.example"), createTestKey().privateKey);

it("writes one JSON object a line with time, level and service", () => {
  const { log, lines } = capture();
  log.info({ port: 1 }, "listening");
  expect(JSON.parse(lines[0]!)).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    service: "test",
    port: 1,
    msg: "listening",
  });
});

it("keeps to the level", () => {
  const { log, lines } = capture("warn");
  log.info("no");
  log.warn("yes");
  expect(lines).toHaveLength(1);
});

it.each([
  ["a header", { headers: { authorization: `Bearer ${token}`, cookie: "session=s3cr3t" } }],
  ["a nested header", { request: { headers: { "set-cookie": "session=s3cr3t" } } }],
  ["a field", { token: "s3cr3t", password: "s3cr3t" }],
  ["an unexpected field", { whatever: token }],
  ["an error's message and stack", { err: new Error(`verify ${token} failed`) }],
  ["an error's message on a line of its own", { err: new Error(`no good:\n${token}`) }],
  ["two fields of one value", { whatever: `${token}.${token}` }],
  ["a password with an @", { err: new Error('connect "postgresql://app:p@s3cr3t@db:5432/ta" failed') }],
  ["a database URL", { err: new Error("connect postgres://app:s3cr3t@db:5432/ta") }],
])("lets no secret out through %s", (_, fields) => {
  const { log, lines } = capture();
  log.info(fields, `about ${token}`);
  expect(lines[0]).not.toContain("s3cr3t");
  expect(lines[0]).not.toContain(token.split(".")[1]);
  expect(() => JSON.parse(lines[0]!)).not.toThrow();
});

it.each([
  ["a token that never ends", "eyJ-".repeat(50_000)],
  ["a database URL that never ends", "postgres://a:".repeat(40_000)],
])("writes a line at once, whatever a caller makes us log: %s", (_, path) => {
  // With a pattern that goes back and forth this takes longer than a test may.
  const { log, lines } = capture();
  log.info({ path }, "request");
  expect(JSON.parse(lines[0]!)).toMatchObject({ path });
});
