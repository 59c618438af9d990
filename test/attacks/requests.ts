import { MCP_BODY_MAX } from "@taskassistant/contracts/limits";
import type { Siege } from "./siege.ts";

/** A request as the attacker sends it. */
export type RawRequest = Siege["requests"][number];

export const get = (path: string, token: string): RawRequest => ({
  head: `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n\r\n`,
  bodyBytes: 0,
});

/** A post of JSON that is complete. */
export function post(path: string, token: string, value: unknown): RawRequest {
  const body = JSON.stringify(value);
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`;
  return { head: `${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`, bodyBytes: 0 };
}

/** A call of `list_tasks` as the API sends it. */
export function listTasks(token: string, userId: string, args: object, meta: object = {}): RawRequest {
  const params = { name: "list_tasks", arguments: { ...args, user_id: userId }, _meta: meta };
  return post("/mcp", token, { jsonrpc: "2.0", id: 1, method: "tools/call", params });
}

/** What a call may carry beside its arguments, as large as a body may be, and many times as large once it is parsed. */
export const BULKY_META = { bulk: Array.from({ length: (MCP_BODY_MAX - 2_000) / 3 }, () => ({})) };

/** The start of a post whose rest never comes. */
export function unfinished(path: string, bytes: { announced: number; sent: number }, token?: string): RawRequest {
  const bearer = token === undefined ? "" : `Authorization: Bearer ${token}\r\n`;
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${bearer}Content-Type: application/json\r\n`;
  return { head: `${head}Content-Length: ${bytes.announced}\r\n\r\n`, bodyBytes: bytes.sent };
}

/** Half of a head. */
export const SLOW_HEAD: RawRequest = { head: "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", bodyBytes: 8_000 };

export const upgrade = (path: string): RawRequest => ({
  head: `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
  bodyBytes: 0,
});

/** Hundreds of headers; Node.js itself refuses a thousand. */
export const manyHeaders = (path: string): RawRequest => ({
  head: `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${"a:\r\n".repeat(500)}\r\n`,
  bodyBytes: 0,
});
