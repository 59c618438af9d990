import { TOOL_EXAMPLES, TOOL_IDS, TOOL_INPUTS, TOOLS } from "@taskassistant/contracts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, ERAS, type Harness, post, publishedTools, type Replica, startHarness } from "./harness.ts";

/*
 * What clients of others do, as the issue trackers of Claude Code, Cursor, VS Code, Copilot, goose, Open WebUI, LibreChat
 * and of the protocol's libraries report it.
 */

let harness: Harness;
let replica: Replica;
let token: string;
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
  token = harness.externalToken(harness.ana);
});
beforeEach(() => harness.clear());
afterAll(() => harness.close());

const VERSIONS = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/** A message of the older era, with headers to replace. */
async function send(body: unknown, { path = "/mcp", method = "POST", ...headers }: Record<string, string> = {}) {
  const base = { host: "localhost", "content-type": "application/json", authorization: `Bearer ${token}` };
  const init = {
    method,
    headers: { ...base, ...headers },
    ...(method === "POST" ? { body: JSON.stringify(body) } : {}),
  };
  const response = await replica.mcp.fetch(new Request(`http://localhost${path}`, init));
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: text.startsWith("{") ? JSON.parse(text) : {},
  };
}
const ping = { jsonrpc: "2.0", id: 1, method: "ping" };
const initialize = (params: unknown) => ({ jsonrpc: "2.0", id: 1, method: "initialize", params });
const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "x", version: "1" } };

describe.each(ERAS)("arguments that are null or empty, %s era", (era) => {
  const use = (name: string, args: Record<string, unknown>) => call(replica.url, era, token, name, args);
  const added = async () => {
    const answer = await use("add_task", { title: "Pay rent", notes: "by transfer", due: "2026-12-01" });
    return JSON.parse(answer.text).task as { id: string };
  };

  it.each([null, ""])("%j in every other field of a change loses no date and no notes", async (blank) => {
    const { id } = await added();
    const [schema] = (await publishedTools(replica.url, era, token)).filter((tool) => tool.name === "update_task");
    const all = Object.fromEntries(Object.keys(schema!.inputSchema.properties).map((name) => [name, blank]));
    const answer = await use("update_task", { ...all, task_id: id, done: true });
    expect(answer.structured).toMatchObject({
      task: { title: "Pay rent", notes: "by transfer", due: "2026-12-01", done: true },
    });
  });

  it.each(TOOL_IDS)("%s takes null and an empty text for every argument that may be left out", async (id) => {
    const { id: task } = await added();
    const example = JSON.parse(JSON.stringify(TOOL_EXAMPLES[id]).replaceAll("t_000000000000", task));
    for (const blank of [null, ""]) {
      const all = Object.fromEntries(Object.keys(TOOL_INPUTS[id].shape).map((name) => [name, blank]));
      const answer = await use(TOOLS[id].name, { ...all, ...example });
      expect({ blank, error: answer.isError ? answer.text : undefined }).toEqual({ blank, error: undefined });
      if (id === "deleteTask") break;
    }
  });

  it.each([null, ""])("%j for an argument that must be given is an error", async (blank) => {
    expect(await use("add_task", { title: blank })).toMatchObject({ isError: true });
    expect(await use("complete_task", { task_ids: blank })).toMatchObject({ isError: true });
  });

  it("clear_fields empties fields, and an empty list empties none", async () => {
    const { id: task_id } = await added();
    const kept = await use("update_task", { task_id, title: "Pay the rent", clear_fields: [] });
    expect(kept.structured).toMatchObject({ task: { due: "2026-12-01", notes: "by transfer" } });
    const cleared = await use("update_task", { task_id, clear_fields: ["due", "notes"] });
    expect(cleared.structured).toMatchObject({ task: { title: "Pay the rent", due: null, notes: "" } });
  });
});

describe("the published schemas", () => {
  it("have the plain form that every client and every model's server takes", async () => {
    for (const { name, inputSchema } of await publishedTools(replica.url, "modern", token)) {
      // Some clients put the server's name before the tool's and refuse more than 60 characters.
      expect(name.length).toBeLessThanOrEqual(40);
      expect(inputSchema).toMatchObject({ type: "object", properties: expect.any(Object) });
      for (const [argument, schema] of Object.entries(inputSchema.properties)) plain(`${name}.${argument}`, schema);
    }
  });

  function plain(where: string, schema: unknown): void {
    const { type, items, ...rest } = schema as Record<string, unknown>;
    expect(typeof type, `${where} has one type`).toBe("string");
    for (const keyword of ["anyOf", "oneOf", "allOf", "$ref", "format", "const"]) {
      expect(rest, where).not.toHaveProperty(keyword);
    }
    if (type === "array") plain(`${where}[]`, items);
  }
});

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

describe("versions", () => {
  it("every version that is listed is served, by initialize or as the version of a request", async () => {
    for (const version of VERSIONS) {
      const answer = await send(initialize({ ...hello, protocolVersion: version }));
      // The newest has no initialize, so the newest that has it is offered.
      expect(answer.body.result.protocolVersion).toBe(version === "2026-07-28" ? "2025-11-25" : version);
      const headers = { authorization: `Bearer ${token}`, "mcp-protocol-version": version };
      const listed = await post(
        replica.url,
        version === "2026-07-28" ? "modern" : "legacy",
        { method: "tools/list" },
        headers,
      );
      expect([version, listed.status]).toEqual([version, 200]);
    }
  });

  it("a request of the newer form that names an older version is served", async () => {
    const meta = {
      "io.modelcontextprotocol/protocolVersion": "2025-11-25",
      "io.modelcontextprotocol/clientCapabilities": {},
    };
    const body = { ...ping, method: "tools/list", params: { _meta: meta } };
    expect((await send(body, { "mcp-protocol-version": "2025-11-25" })).body.result.tools.length).toBeGreaterThan(0);
  });

  it("server/discover lists them all", async () => {
    const answer = await post(
      replica.url,
      "modern",
      { method: "server/discover" },
      { authorization: `Bearer ${token}` },
    );
    expect(await answer.json()).toMatchObject({ result: { supportedVersions: VERSIONS, resultType: "complete" } });
  });

  it.each(["1999-01-01", "2099-01-01", "latest"])(
    "the version %s is refused with the list, in a header or in _meta",
    async (version) => {
      const error = {
        code: -32022,
        data: { supported: VERSIONS, requested: version },
        message: expect.stringContaining("2025-11-25"),
      };
      expect(await send(ping, { "mcp-protocol-version": version })).toMatchObject({
        status: 400,
        body: { id: 1, error },
      });
      const params = { _meta: { "io.modelcontextprotocol/protocolVersion": version } };
      expect(await send({ ...ping, params }, { "mcp-protocol-version": version })).toMatchObject({
        status: 400,
        body: { error },
      });
    },
  );

  it("a header and a body that name different versions are refused as that", async () => {
    const headers = { authorization: `Bearer ${token}`, "mcp-protocol-version": "1999-01-01" };
    const answer = await post(replica.url, "modern", { method: "tools/list" }, headers);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ id: 1, error: { code: -32020 } });
  });

  it("initialize offers a version of its own to a client of an unknown one", async () => {
    for (const protocolVersion of ["1999-01-01", "2099-01-01", ""]) {
      const answer = await send(initialize({ ...hello, protocolVersion }), { "mcp-protocol-version": "" });
      expect(answer.body.result.protocolVersion).toBe("2025-11-25");
    }
  });
});

describe("errors", () => {
  it.each<[string, unknown, number, string]>([
    ["initialize without parameters", initialize(undefined), -32602, "Invalid params of initialize: params: missing."],
    [
      "initialize with a number as version",
      initialize({ ...hello, protocolVersion: 7 }),
      -32602,
      "Invalid params of initialize: protocolVersion: must be a text, not a number.",
    ],
    [
      "initialize without a client",
      initialize({ ...hello, clientInfo: undefined }),
      -32602,
      "Invalid params of initialize: clientInfo: missing.",
    ],
    [
      "a call without a name",
      { ...ping, method: "tools/call", params: {} },
      -32602,
      "Invalid params of tools/call: name: missing.",
    ],
    [
      "a call whose arguments are a text",
      { ...ping, method: "tools/call", params: { name: "list_tasks", arguments: "{}" } },
      -32602,
      "Invalid params of tools/call: arguments: must be an object, not a text.",
    ],
    [
      "a list with a number as cursor",
      { ...ping, method: "tools/list", params: { cursor: 5 } },
      -32602,
      "Invalid params of tools/list: cursor: must be a text, not a number.",
    ],
    ["an unknown method", { ...ping, method: "tasks/steal" }, -32601, "Method not found"],
    ["a feature this server does not have", { ...ping, method: "resources/list" }, -32601, "Method not found"],
    ["the log level", { ...ping, method: "logging/setLevel", params: { level: "info" } }, -32601, "Method not found"],
    ["server/discover in the older era", { ...ping, method: "server/discover" }, -32601, "Method not found"],
  ])("%s gets one line that says what is wrong", async (_, body, code, message) => {
    expect(await send(body)).toMatchObject({ status: 200, body: { jsonrpc: "2.0", id: 1, error: { code, message } } });
  });

  it.each(["initialize", "ping", "tasks/steal", "resources/list", "logging/setLevel"])(
    "the newer era has no %s and answers 404",
    async (method) => {
      const answer = await post(replica.url, "modern", { method }, { authorization: `Bearer ${token}` });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({ id: 1, error: { code: -32601 } });
    },
  );

  it("no error carries the report of a validator", async () => {
    const junk = [7, "x", [], true, { a: { b: [1] } }];
    const paths = ["protocolVersion", "capabilities", "clientInfo", "cursor", "name", "arguments", "_meta"];
    for (const method of ["initialize", "ping", "tools/list", "tools/call"]) {
      for (const path of paths) {
        for (const value of junk) {
          const { text, body } = await send({
            ...ping,
            method,
            params: { ...hello, name: "list_tasks", [path]: value },
          });
          const message = body.error?.message ?? "";
          expect(message, text).not.toMatch(/\n|"code":|invalid_type|Invalid input/);
          if (body.error !== undefined) expect(body.error.code).not.toBe(-32603);
        }
      }
    }
  });
});
