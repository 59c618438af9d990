import { problemSchema } from "@taskassistant/contracts";
import { API_BODY_MAX } from "@taskassistant/contracts/limits";
import { rawSocket } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { call, say } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { says } from "./harness/model-scripts.ts";

let h: Harness;
let anna: TestUser;
let ben: TestUser;
let carl: TestUser;

beforeAll(async () => {
  h = await startHarness({ agent: { maxRunsPerUser: 2, maxRuns: 3 }, requestsPerMinute: 30 });
  [anna, ben, carl] = await Promise.all([h.user("anna"), h.user("ben"), h.user("carl")]);
});
afterAll(() => h.close());
beforeEach(() => h.model.reset());

const ask = (user: TestUser, signal?: AbortSignal) =>
  call(h, user, "POST", "/api/chat", { body: { message: "hello" }, ...(signal === undefined ? {} : { signal }) });
const refusal = async (response: Response) => {
  const problem = problemSchema.parse(await response.json());
  return [response.status, problem.code, Number(response.headers.get("retry-after")) > 0, problem.detail];
};

test("runs are limited per user and per process, and a run that ends or is left frees its slot", async () => {
  h.model.respond = () => [says("word "), { type: "stall", ms: 60_000 }];
  const leaving = new AbortController();
  const running = await Promise.all([ask(anna, leaving.signal), ask(anna, leaving.signal)]);
  expect(running.map((response) => response.status)).toEqual([200, 200]);

  const before = h.exchange.log.length;
  expect(await refusal(await ask(anna))).toEqual([
    429,
    "too_many_turns",
    true,
    expect.stringMatching(/^2 answers are/),
  ]);
  expect((await ask(ben, leaving.signal)).status).toBe(200);
  expect(await refusal(await ask(carl))).toEqual([429, "too_many_turns", true, expect.stringMatching(/busy/)]);
  // The refusals come before any exchange and before anything is stored: only ben's run got further.
  expect(h.exchange.log.slice(before).filter((kind) => kind === "run-grant")).toHaveLength(1);
  expect(await (await call(h, carl, "GET", "/api/conversations")).json()).toEqual({ conversations: [] });

  leaving.abort();
  h.model.respond = () => [says("here I am")];
  await vi.waitFor(async () => expect((await ask(carl)).status).toBe(200), { timeout: 5_000, interval: 250 });
  await vi.waitFor(async () => expect((await say(h, anna, "hello")).message.metadata?.status).toBe("completed"), {
    timeout: 5_000,
    interval: 250,
  });
});

test("a run that could not begin takes no slot", async () => {
  const gone = { ...(await h.user("gone")), token: "" };
  gone.token = h.issuer.sign("api", { sub: gone.id, sid: "signed-out" });
  h.exchange.signedOut.add("signed-out");
  for (let attempt = 0; attempt < 4; attempt++) expect((await ask(gone)).status).toBe(401);
});

test("a user who exceeds the rate gets 429 with Retry-After on every path, and others are served", async () => {
  const eager = await h.user("eager");
  const me = (user: TestUser) => call(h, user, "GET", "/api/me");
  const answers = await Promise.all(Array.from({ length: 60 }, () => me(eager)));
  expect(answers.filter((answer) => answer.status === 200).length).toBeGreaterThanOrEqual(30);
  const refused = answers.find((answer) => answer.status === 429);
  if (refused === undefined) throw new Error("no request was refused");
  expect(await refusal(refused)).toEqual([429, "rate_limited", true, expect.stringMatching(/^Too many requests/)]);
  expect((await call(h, eager, "GET", `/api/${eager.id}/tasks`)).status).toBe(429);
  expect((await me(carl)).status).toBe(200);
});

test("unfinished bodies are refused beyond a user's share, with a pause, and other users' are read", async () => {
  const [dora, emil] = await Promise.all([h.user("dora"), h.user("emil")]);
  const head = `POST /api/${dora.id}/tasks HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${dora.token}\r\n`;
  const announced = `Content-Type: application/json\r\nContent-Length: ${API_BODY_MAX}\r\n\r\n{`;
  const sockets = await Promise.all(Array.from({ length: 14 }, () => rawSocket(Number(new URL(h.url).port))));
  for (const socket of sockets) socket.send(head + announced);
  const refused = () => sockets.map((socket) => socket.received()).filter((text) => text !== "");
  await expect.poll(() => refused().length, { timeout: 10_000 }).toBe(2);
  for (const answer of refused()) expect(answer).toMatch(/^HTTP\/1.1 503 .*retry-after: 2\r\n/is);
  const add = async (user: TestUser, notes = "") =>
    (await call(h, user, "POST", `/api/${user.id}/tasks`, { body: { title: "a", notes } })).status;
  expect([await add(dora), await add(emil, "x".repeat(10_000))]).toEqual([201, 201]);
  for (const { socket } of sockets) socket.destroy();
  await expect.poll(() => add(dora, "x".repeat(10_000)), { timeout: 10_000 }).toBe(201);
});
