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

const VERSIONS = ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

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
