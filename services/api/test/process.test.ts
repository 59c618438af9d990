import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { freePort } from "@taskassistant/db/testing";
import { endWithOwner } from "@taskassistant/kit/testing";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { says } from "./harness/model-scripts.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

let h: Harness;
let anna: TestUser;
let child: ChildProcess | undefined;

beforeAll(async () => {
  h = await startHarness();
  anna = await h.user("anna");
});
afterAll(() => h.close());
afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
});

function start(env: Record<string, string>) {
  const started = endWithOwner(
    spawn(process.execPath, [MAIN], {
      env: { PATH: process.env.PATH ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  child = started;
  const output: string[] = [];
  for (const stream of [started.stdout, started.stderr]) stream.on("data", (chunk) => output.push(String(chunk)));
  const ended = new Promise<number | null>((resolve) => started.once("exit", resolve));
  return { ended, output: () => output.join(""), terminate: () => started.kill("SIGTERM") };
}

const environment = async () => {
  const [port, healthPort] = await Promise.all([freePort(), freePort()]);
  return {
    PORT: String(port),
    HEALTH_PORT: String(healthPort),
    DATABASE_URL: h.database.appUrl,
    BETTER_AUTH_URL: h.issuer.issuer,
    BETTER_AUTH_JWKS_URL: h.issuer.jwksUrl,
    TOKEN_EXCHANGE_URL: h.exchange.url,
    EXCHANGE_CLIENT_SECRET: h.exchange.clientSecret,
    MCP_SERVER_URL: h.mcp.url,
    OPENAI_BASE_URL: h.model.url,
    MODEL_PROVIDER: "Demo",
    SHUTDOWN_GRACE_SECONDS: "10",
  };
};
const readyz = (env: { HEALTH_PORT: string }) =>
  fetch(`http://127.0.0.1:${env.HEALTH_PORT}/readyz`).then(
    (response) => response.status,
    () => 0,
  );

test("without its environment the process ends and lists what is missing", async () => {
  const process = start({ PORT: "none" });
  expect(await process.ended).toBe(1);
  for (const name of ["PORT", "DATABASE_URL", "BETTER_AUTH_URL", "EXCHANGE_CLIENT_SECRET", "MODEL_NAME"]) {
    expect(process.output()).toContain(name);
  }
}, 60_000);

test("the process is ready with database and keys, and ends with 0 after SIGTERM, with the running answer stored as stopped", async () => {
  const env = await environment();
  h.issuer.mode = "down";
  const process = start(env);
  await vi.waitFor(async () => expect(await readyz(env)).toBe(503), { timeout: 40_000 });
  h.issuer.mode = "ok";
  await vi.waitFor(async () => expect(await readyz(env)).toBe(200), { timeout: 40_000 });

  h.model.respond = () => [says("a word "), { type: "stall", ms: 60_000 }];
  const answer = fetch(`http://127.0.0.1:${env.PORT}/api/chat`, {
    method: "POST",
    headers: { authorization: `Bearer ${anna.token}`, "content-type": "application/json" },
    body: JSON.stringify({ message: "hello" }),
  }).then((response) => response.text());
  await vi.waitFor(() => expect(h.model.journal).toHaveLength(1), { timeout: 40_000 });
  process.terminate();
  expect(await process.ended).toBe(0);
  const stream = await answer;
  expect(stream).toContain('"status":"stopped"');
  expect(stream.trimEnd().endsWith("data: [DONE]")).toBe(true);
  expect(process.output()).not.toContain(anna.token);
  expect(process.output()).not.toContain(h.exchange.clientSecret);
  expect(process.output()).not.toContain(new URL(h.database.appUrl).password);
}, 150_000);
