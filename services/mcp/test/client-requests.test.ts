import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Harness, post, type Replica, startHarness } from "./harness.ts";
import { hello, initialize, olderEra, ping } from "./older-era.ts";

/*
 * What clients of others do, as the issue trackers of Claude Code, Cursor, VS Code, Copilot, goose, Open WebUI, LibreChat
 * and of the protocol's libraries report it.
 */

let harness: Harness;
let replica: Replica;
let token: string;
let send: ReturnType<typeof olderEra>;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
  token = harness.externalToken(harness.ana);
  send = olderEra(replica, token);
});
beforeEach(() => harness.clear());
afterAll(() => harness.close());

describe("the endpoint", () => {
  it.each([
    ["anything", "*/*"],
    ["JSON alone", "application/json"],
    ["no header", ""],
    ["any application", "application/*"],
    ["weights", "text/event-stream;q=0.9, application/json; q=0.8"],
    ["other cases", "Application/JSON, TEXT/event-stream"],
    ["both as the protocol asks", "application/json, text/event-stream"],
  ])("a client that accepts %s is answered, in both eras", async (_, accept) => {
    expect((await send(ping, { accept })).status).toBe(200);
    const headers = { authorization: `Bearer ${token}`, accept };
    expect((await post(replica.url, "modern", { method: "tools/list" }, headers)).status).toBe(200);
  });

  it.each(["text/html", "text/event-stream", "application/json;q=0, text/html"])(
    "a client that accepts only %s is told what the answers are",
    async (accept) => {
      expect(await send(ping, { accept })).toMatchObject({
        status: 406,
        body: { error: { message: "Answers are JSON; accept application/json." } },
      });
    },
  );

  it("a final slash changes nothing, for calls, refusals and metadata", async () => {
    expect(await send(ping, { path: "/mcp/" })).toMatchObject({ status: 200, body: { result: {} } });
    expect((await send(ping, { path: "/mcp/", authorization: "Bearer x" })).status).toBe(401);
    expect((await send(null, { path: "/mcp/", method: "GET" })).status).toBe(405);
    expect((await send(ping, { path: "/mcp/", host: "attacker.example" })).status).toBe(403);
    const path = "/.well-known/oauth-protected-resource/mcp/";
    expect(await send(null, { path, method: "GET" })).toMatchObject({ body: { resource_name: "TaskAssistant" } });
    for (const other of ["/mcp//", "/mcp/x", "/MCP"]) expect((await send(ping, { path: other })).status).toBe(404);
  });

  it.each(["GET", "DELETE", "HEAD"])(
    "%s, with which clients look for streams and sessions, is answered 405",
    async (method) => {
      const answer = await send(null, { method, accept: "text/event-stream", "mcp-session-id": "s" });
      expect(answer.status).toBe(405);
      expect(answer.headers.get("allow")).toBe("POST, OPTIONS");
    },
  );

  it("a page of an allowed origin may ask and read the answers, also the refusals", async () => {
    const origin = "http://localhost:6274";
    const asked = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type,mcp-method,mcp-param-x,mcp-protocol-version",
    };
    const { status, headers } = await send(null, { method: "OPTIONS", ...asked, authorization: "" });
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-methods")).toContain("POST");
    expect(headers.get("access-control-allow-headers")).toBe(asked["access-control-request-headers"]);
    expect(headers.get("access-control-allow-credentials")).toBeNull();
    expect(headers.get("vary")).toContain("Origin");
    for (const [given, expected] of [
      [{}, 200],
      [{ authorization: "Bearer x" }, 401],
      [{ "content-type": "a/b" }, 415],
    ] as const) {
      const answer = await send(ping, { origin, ...given });
      expect(answer.status).toBe(expected);
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
      expect(answer.headers.get("access-control-expose-headers")).toContain("WWW-Authenticate");
    }
  });

  it("a page of another origin is refused, and a program's OPTIONS gets the methods", async () => {
    const asked = { method: "OPTIONS", "access-control-request-method": "POST", authorization: "" };
    for (const origin of ["https://attacker.example", "null", "http://localhost.attacker.example"]) {
      const { status, headers } = await send(null, { ...asked, origin });
      expect([status, headers.get("access-control-allow-origin")]).toEqual([403, null]);
    }
    const { status, headers } = await send(null, { method: "OPTIONS", authorization: "" });
    expect([status, headers.get("allow"), headers.get("access-control-allow-origin")]).toEqual([
      204,
      "POST, OPTIONS",
      null,
    ]);
    const metadata = await send(null, {
      ...asked,
      path: "/.well-known/oauth-protected-resource/mcp",
      origin: "https://a.example",
    });
    expect([metadata.status, metadata.headers.get("access-control-allow-origin")]).toEqual([204, "*"]);
  });

  it.each([
    ["with the session of a server that was restarted", ping, { "mcp-session-id": "gone", "last-event-id": "7" }],
    ["with a character set", ping, { "content-type": "application/json; charset=utf-8" }],
    ["with the number 0 as its id", { ...ping, id: 0 }, {}],
    ["with null for its parameters", { ...ping, method: "tools/list", params: null }, {}],
    [
      "with null for the cursor of the first page",
      { ...ping, method: "tools/list", params: { cursor: null, _meta: null } },
      {},
    ],
    ["with a progress token", { ...ping, method: "tools/list", params: { _meta: { progressToken: "p" } } }, {}],
    [
      "with capabilities nobody knows",
      initialize({ ...hello, capabilities: { sampling: {}, roots: { listChanged: true }, x: 1 }, y: 2 }),
      {},
    ],
  ])("a request %s is answered", async (_, body, headers) => {
    const answer = await send(body, headers);
    expect(answer).toMatchObject({ status: 200, body: { id: body.id, result: expect.any(Object) } });
  });

  it.each([
    "notifications/initialized",
    "notifications/cancelled",
    "notifications/roots/list_changed",
    "notifications/unknown",
  ])("the notification %s is taken without an answer", async (method) => {
    const answer = await send({ jsonrpc: "2.0", method, params: null });
    expect(answer).toMatchObject({ status: 202, text: "" });
  });
});
