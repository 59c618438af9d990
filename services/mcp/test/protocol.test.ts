import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Transport1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { call, ERAS, type Harness, post, publishedTools, type Replica, startHarness } from "./harness.ts";

let harness: Harness;
let replica: Replica;
/** The names that a plain request finds; every client library must find the same. */
let names: string[];
beforeAll(async () => {
  harness = await startHarness();
  replica = await harness.replica();
  names = (await publishedTools(replica.url, "modern", harness.token(harness.ana))).map((tool) => tool.name);
});
beforeEach(() => harness.clear());
afterAll(() => harness.close());

const bearer = (token: string) => ({ requestInit: { headers: { authorization: `Bearer ${token}` } } });

describe("client libraries", () => {
  it("2.x, pinned to 2026-07-28, lists and calls tools", async () => {
    const client = new Client2({ name: "two", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await client.connect(new Transport2(new URL(replica.url), bearer(harness.token(harness.ana))));
    expect(client.getNegotiatedProtocolVersion()).toBe("2026-07-28");
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(names);
    const added = await client.callTool({ name: "add_task", arguments: { title: "Two", user_id: harness.ana } });
    expect(added.structuredContent).toMatchObject({ task: { title: "Two" } });
    await client.close();
  });

  it("2.x with its default settings (older era) lists and calls tools", async () => {
    const client = new Client2({ name: "two", version: "1" });
    await client.connect(new Transport2(new URL(replica.url), bearer(harness.token(harness.ana))));
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(names);
    const result = await client.callTool({ name: "list_tasks", arguments: { user_id: harness.ana } });
    expect(result.structuredContent).toEqual({ tasks: [], total: 0, next_cursor: null });
    await client.close();
  });

  it("1.x initializes, lists and calls tools, and checks the results against the output schemas", async () => {
    const client = new Client1({ name: "one", version: "1" });
    const transport = new Transport1(new URL(replica.url), bearer(harness.externalToken(harness.ana)));
    // The library's own types are not written for exactOptionalPropertyTypes.
    await client.connect(transport as Parameters<typeof client.connect>[0]);
    expect(client.getServerVersion()).toMatchObject({ name: "taskassistant" });
    expect(transport.sessionId).toBeUndefined();
    expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(names);
    const added = await client.callTool({ name: "add_task", arguments: { title: "One", due: "2026-12-24" } });
    expect(added.structuredContent).toMatchObject({ task: { title: "One" } });
    const listed = await client.callTool({ name: "list_tasks", arguments: {} });
    expect(listed.structuredContent).toMatchObject({ total: 1 });
    const failed = await client.callTool({ name: "add_task", arguments: { title: "x", due: "2026-02-30" } });
    expect(failed.isError).toBe(true);
    await client.close();
  });

  it("1.x gets 401 for a token that is not valid", async () => {
    const client = new Client1({ name: "one", version: "1" });
    const transport = new Transport1(new URL(replica.url), bearer(harness.issuer.sign("api", { sub: harness.ana })));
    await expect(client.connect(transport as Parameters<typeof client.connect>[0])).rejects.toMatchObject({
      code: 401,
    });
  });
});

describe("the published tools", () => {
  const listed = (era: (typeof ERAS)[number], token: string) => publishedTools(replica.url, era, token);

  it.each(ERAS)("have a user_id only for a client that acts for a user (%s era)", async (era) => {
    const forApi = await listed(era, harness.token(harness.ana));
    for (const tool of forApi) {
      expect(tool.inputSchema.properties.user_id).toMatchObject({ type: "string", "x-injected": "sub" });
      expect(tool.inputSchema.required ?? []).not.toContain("user_id");
      expect(tool.inputSchema.additionalProperties).toBe(false);
    }
    expect(forApi.length).toBeGreaterThan(0);
    expect(JSON.stringify(await listed(era, harness.externalToken(harness.ana)))).not.toMatch(/user_id|x-injected/);
  });

  it("cost a model no more than 3,000 tokens (4 characters each)", async () => {
    const text = JSON.stringify(await listed("modern", harness.token(harness.ana)));
    expect(text.length / 4).toBeLessThanOrEqual(3_000);
  });

  it("say whether they read, change or delete, and are the same in both eras", async () => {
    const [modern, legacy] = await Promise.all(ERAS.map((era) => listed(era, harness.token(harness.ana))));
    expect(legacy).toEqual(modern);
    const hints = modern!.map((tool) => [tool.name, tool.annotations]);
    expect(Object.fromEntries(hints)).toMatchObject({
      list_tasks: { readOnlyHint: true, destructiveHint: false, openWorldHint: false },
      add_task: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
      delete_task: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    });
  });

  it("match the reviewed snapshot", async () => {
    expect(await listed("modern", harness.token(harness.ana))).toMatchSnapshot();
  });
});

describe("over HTTP", () => {
  const good = () => ({ authorization: `Bearer ${harness.token(harness.ana)}` });

  it.each(ERAS)("answers are JSON, without session or stream (%s era)", async (era) => {
    const params = { name: "list_tasks", arguments: { user_id: harness.ana } };
    const response = await post(replica.url, era, { method: "tools/call", params, id: "x-1" }, good());
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("mcp-session-id")).toBeNull();
    expect(response.headers.get("x-request-id")).toMatch(/^[\w-]+$/);
    expect(await response.json()).toMatchObject({ jsonrpc: "2.0", id: "x-1" });
  });

  it.each(["GET", "DELETE", "PUT"])("%s is answered 405", async (method) => {
    const response = await fetch(replica.url, { method, headers: { ...good(), accept: "text/event-stream" } });
    expect(response.status).toBe(405);
    expect(response.headers.get("allow")).toBe("POST, OPTIONS");
  });

  it("the protected-resource metadata is public, at both paths, and agrees with the challenge", async () => {
    const { origin } = new URL(replica.url);
    for (const path of ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource"]) {
      const response = await fetch(origin + path);
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(await response.json()).toEqual({
        resource: `${harness.issuer.issuer}/mcp`,
        authorization_servers: [harness.issuer.issuer],
        scopes_supported: ["tasks:read", "tasks:write"],
        bearer_methods_supported: ["header"],
        resource_name: "TaskAssistant",
      });
    }
  });

  it.each([
    ["text/plain", '{"jsonrpc":"2.0"}', 415],
    ["application/json", "{", 400],
    ["application/json", "7", 400],
    ["application/json", "[]", 400],
    ["application/json", '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","id":1,"method":"ping"}]', 400],
    ["application/json", '{"hello":"harness"}', 400],
    ["application/json", `"${"x".repeat(1024 * 1024)}"`, 413],
  ])("a body of %s that is not a message is refused (%#)", async (type, body, status) => {
    const response = await fetch(replica.url, {
      method: "POST",
      headers: { ...good(), "content-type": type, accept: "application/json, text/event-stream" },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ jsonrpc: "2.0", error: { message: expect.any(String) } });
  });

  it("a body of unknown length is cut off at the limit", async () => {
    const most = 16 * 1024 * 1024;
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
        if (sent >= most) controller.close();
      },
    });
    const init = { method: "POST", headers: { ...good(), "content-type": "application/json" }, body, duplex: "half" };
    const response = await fetch(replica.url, init as RequestInit);
    expect(response.status).toBe(413);
    expect(sent).toBeLessThan(most);
  });

  it("a user who sends too many requests gets 429 with Retry-After while others are served", async () => {
    const limited = await harness.replica({ requestsPerMinute: 3 });
    const ask = (user: string) =>
      post(limited.url, "modern", { method: "tools/list" }, { authorization: `Bearer ${harness.token(user)}` });
    const answers = [await ask(harness.ana), await ask(harness.ana), await ask(harness.ana), await ask(harness.ana)];
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 429]);
    expect(Number(answers[3]!.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await ask(harness.ben)).status).toBe(200);
    await limited.stop();
  });

  it("the token is checked before the body is read", async () => {
    const response = await fetch(replica.url, { method: "POST", headers: { "content-type": "text/plain" }, body: "x" });
    expect(response.status).toBe(401);
  });

  it("an unknown path gets 404 as problem+json", async () => {
    const response = await fetch(`${new URL(replica.url).origin}/nothing`);
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  });
});

describe("host and origin", () => {
  /** `fetch` may not set Host, so the handler is called directly. */
  const status = async (target: Replica, headers: Record<string, string>, path = "/mcp") => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
    const base = { "content-type": "application/json", accept: "application/json, text/event-stream" };
    const authorization = `Bearer ${harness.token(harness.ana)}`;
    const method = path === "/mcp" ? "POST" : "GET";
    const init = { method, headers: { ...base, authorization, ...headers }, ...(method === "POST" ? { body } : {}) };
    return (await target.mcp.fetch(new Request(`http://placeholder${path}`, init))).status;
  };

  it("only known hosts are served at /mcp", async () => {
    const named = await harness.replica({ allowedHosts: ["demo-mcp", "Demo-MCP.team.svc"] });
    for (const host of [
      "localhost:8001",
      "127.0.0.1",
      "[::1]:8001",
      "demo-mcp:8001",
      "demo-mcp.team.svc",
      "DEMO-MCP",
    ]) {
      expect(await status(named, { host }), host).toBe(200);
    }
    for (const host of [
      "attacker.example",
      "demo-mcp.attacker.example",
      "10.0.0.7:8001",
      "localhost.attacker.example",
    ]) {
      expect(await status(named, { host }), host).toBe(403);
    }
    expect(await status(named, { host: "10.0.0.7:8001" }, "/.well-known/oauth-protected-resource")).toBe(200);
    expect(await status(replica, { host: "demo-mcp:8001" })).toBe(403);
    await named.stop();
  });

  it("pages of other sites are refused and programs without an origin are served", async () => {
    const host = "localhost:8001";
    for (const origin of ["https://attacker.example", "null", "not an origin", "https://localhost.attacker.example"]) {
      expect(await status(replica, { host, origin }), origin).toBe(403);
    }
    expect(await status(replica, { host, origin: "http://localhost:6274" })).toBe(200);
    expect(await status(replica, { host })).toBe(200);
  });
});

describe("replicas", () => {
  it("replicas answer any request without affinity, in both eras", async () => {
    const all = await Promise.all([harness.replica(), harness.replica(), harness.replica()]);
    let requests = 0;
    /** Every request of a client goes to another replica. */
    const rotating = (_url: string | URL | Request, init?: RequestInit) => {
      const target = all[requests++ % all.length]!;
      return fetch(target.url, init);
    };
    const legacy = new Client1({ name: "one", version: "1" });
    const transport = new Transport1(new URL(replica.url), { ...bearer(harness.token(harness.ana)), fetch: rotating });
    await legacy.connect(transport as Parameters<typeof legacy.connect>[0]);
    const modern = new Client2({ name: "two", version: "1" }, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
    await modern.connect(
      new Transport2(new URL(replica.url), { ...bearer(harness.token(harness.ana)), fetch: rotating }),
    );
    for (let index = 0; index < 6; index += 1) {
      await legacy.callTool({ name: "add_task", arguments: { title: `one ${index}`, user_id: harness.ana } });
      await modern.callTool({ name: "add_task", arguments: { title: `two ${index}`, user_id: harness.ana } });
    }
    const page = await modern.callTool({ name: "list_tasks", arguments: { user_id: harness.ana } });
    expect(page.structuredContent).toMatchObject({ total: 12 });
    expect(requests).toBeGreaterThanOrEqual(15);
    await Promise.all([legacy.close(), modern.close()]);
    await Promise.all(all.map((each) => each.stop()));
  });

  it("replicas lose no call when one of them stops", async () => {
    let target = await harness.replica({ drainMs: 200 });
    let running = true;
    let calls = 0;
    const failures: unknown[] = [];
    const loops = Array.from({ length: 4 }, async (_, loop) => {
      for (let index = 0; running; index += 1) {
        const title = `${loop}-${index}`;
        await call(target.url, ERAS[index % 2]!, harness.token(harness.ana), "add_task", {
          title,
          user_id: harness.ana,
        }).then(
          (answer) => {
            calls += 1;
            if (answer.status !== 200 || answer.isError) failures.push(answer);
          },
          (error) => failures.push(error),
        );
      }
    });
    for (let rollout = 0; rollout < 3; rollout += 1) {
      const next = await harness.replica({ drainMs: 200 });
      const old = target;
      const stopped = old.stop();
      setTimeout(() => {
        target = next;
      }, 100);
      await stopped;
    }
    running = false;
    await Promise.all(loops);
    expect(failures).toEqual([]);
    expect(await harness.tasks()).toHaveLength(calls);
  });
});
