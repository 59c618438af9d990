import { spawn } from "node:child_process";
import { once } from "node:events";
import { endWithOwner } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, type Harness, startHarness } from "./harness.ts";

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

const main = new URL("../src/main.ts", import.meta.url).pathname;

function start(env: Record<string, string>) {
  const child = endWithOwner(spawn(process.execPath, [main], { env: { PATH: process.env.PATH, ...env } }));
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  return { child, output: () => output, ended: once(child, "exit").then(([code]) => code) };
}

const environment = () => ({
  PORT: "0",
  HEALTH_PORT: "0",
  DATABASE_URL: harness.database.appUrl,
  BETTER_AUTH_URL: `${harness.issuer.issuer}/`,
  BETTER_AUTH_JWKS_URL: harness.issuer.jwksUrl,
});

it("the process serves, ends cleanly on SIGTERM and logs no secret", async () => {
  const run = start(environment());
  await expect.poll(run.output, { timeout: 15_000 }).toContain('"listening"');
  const port = /"port":(\d+),"msg":"listening"/.exec(run.output())![1];
  const url = `http://127.0.0.1:${port}/mcp`;
  const answer = await call(url, "modern", harness.token(harness.ana), "add_task", {
    title: "x",
    user_id: harness.ana,
  });
  expect(answer).toMatchObject({ status: 200, isError: false });
  run.child.kill("SIGTERM");
  expect(await run.ended).toBe(0);
  expect(run.output()).toContain('"stopped"');
  expect(run.output()).not.toContain(harness.database.passwords.app);
});

it("the process refuses to start with a wrong environment and lists every problem", async () => {
  const run = start({ PORT: "x", BETTER_AUTH_URL: "nowhere" });
  expect(await run.ended).toBe(1);
  expect(run.output()).toContain("The environment has 4 problems:");
  for (const name of ["PORT", "BETTER_AUTH_URL", "BETTER_AUTH_JWKS_URL", "DATABASE_URL"]) {
    expect(run.output()).toMatch(new RegExp(`^ {2}${name}: `, "m"));
  }
});
