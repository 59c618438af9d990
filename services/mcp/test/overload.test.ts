import { MCP_BODY_MAX } from "@taskassistant/contracts/limits";
import { runSql } from "@taskassistant/db/testing";
import { rawSocket } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Harness, post, type Replica, startHarness } from "./harness.ts";

let harness: Harness;
let replica: Replica;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
});
afterAll(() => harness.close());

const PATIENT = { timeout: 10_000 };

const list = (user: string, meta: object = {}) => {
  const params = { name: "list_tasks", arguments: { user_id: user, limit: 100 }, _meta: meta };
  const authorization = `Bearer ${harness.token(user)}`;
  return post(replica.url, "legacy", { method: "tools/call", params }, { authorization });
};

/** The status of an answer that is read. */
async function statusOf(asked: Promise<Response>): Promise<number> {
  const response = await asked;
  await response.arrayBuffer();
  return response.status;
}

it("answers that nobody reads are refused beyond a user's share, with a pause, and others get theirs", async () => {
  // 7 MB: the page holds each character as an escape, and once more with the escape escaped.
  await runSql(
    harness.database.adminUrl,
    `insert into app.task (user_id, id, title, notes)
     select $1, 't_' || lpad(n::text, 12, '0'), 'task', repeat(chr(1), 20000) from generate_series(1, 30) n`,
    [harness.ana],
  );
  const unread = await list(harness.ana);
  expect(unread.status).toBe(200);
  const made = vi.spyOn(JSON, "stringify");
  const refused = await list(harness.ana);
  // Making the answer would take more memory than keeping it.
  expect(made.mock.results.filter(({ value }) => String(value).length > 1_000_000)).toEqual([]);
  made.mockRestore();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining("wait to be read") } });
  expect(await statusOf(list(harness.ben))).toBe(200);
  await unread.body?.cancel();
  await expect.poll(() => statusOf(list(harness.ana)), PATIENT).toBe(200);
});

it("unfinished bodies are refused beyond a user's share, with a pause, and other users' are read", async () => {
  const head = `POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${harness.token(harness.ana)}\r\n`;
  const announced = `Content-Type: application/json\r\nContent-Length: ${MCP_BODY_MAX}\r\n\r\n{`;
  const sockets = await Promise.all(Array.from({ length: 13 }, () => rawSocket(replica.listener.port)));
  for (const socket of sockets) socket.send(head + announced);
  const refused = () => sockets.map((socket) => socket.received()).filter((text) => text !== "");
  await expect.poll(() => refused().length, PATIENT).toBe(2);
  for (const answer of refused()) expect(answer).toMatch(/^HTTP\/1.1 503 .*retry-after: 2\r\n/is);
  const large = { note: "x".repeat(100_000) };
  expect(await statusOf(list(harness.ana))).toBe(200);
  expect(await statusOf(list(harness.ben, large))).toBe(200);
  for (const { socket } of sockets) socket.destroy();
  await expect.poll(() => statusOf(list(harness.ana, large)), PATIENT).toBe(200);
});
