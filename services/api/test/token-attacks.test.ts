import { problemSchema } from "@taskassistant/contracts";
import { forgeTokens } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attackEveryRoute } from "./harness/attacks.ts";
import { call, snapshot } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";

let h: Harness;
let anna: TestUser;
let taskId = "";

beforeAll(async () => {
  h = await startHarness();
  anna = await h.user("anna");
  const created = await call(h, anna, "POST", `/api/${anna.id}/tasks`, { body: { title: "anna's task" } });
  taskId = (created.headers.get("location") ?? "").split("/").at(-1) ?? "";
});
afterAll(() => h.close());

const attacks = () => attackEveryRoute({ user: anna.id, task: taskId });

test("forged tokens of every kind get 401 on every route, and nothing is read, written or forwarded", async () => {
  const forgeries = forgeTokens(h.issuer, "api", { sub: anna.id, sid: anna.sid });
  expect(forgeries.length).toBeGreaterThan(80);
  const before = await snapshot(h);
  const accepted: string[] = [];
  const unknown = { method: "GET", path: "/api/nothing-here", body: undefined };
  for (const { method, path, body } of [...attacks(), unknown]) {
    for (const { name, token } of forgeries) {
      const response = await call(h, { token }, method, path, { body });
      const text = await response.text();
      if (response.status !== 401 || text.includes("anna's task"))
        accepted.push(`${name}: ${method} ${path} ${response.status}`);
    }
  }
  expect(accepted).toEqual([]);
  expect(await snapshot(h)).toBe(before);
  expect([h.exchange.log, h.model.journal, h.mcp.requests]).toEqual([[], [], []]);
}, 120_000);

test("no token, another scheme, a token in the query and two tokens each get 401 with a challenge", async () => {
  const good = anna.token;
  const tries: [path: string, headers: Record<string, string>][] = [
    ["/api/me", {}],
    ["/api/me", { authorization: `Basic ${good}` }],
    ["/api/me", { authorization: good }],
    ["/api/me", { authorization: `Bearer ${good}, Bearer ${good}` }],
    ["/api/me", { cookie: `token=${good}` }],
    [`/api/me?access_token=${good}`, {}],
  ];
  for (const [path, headers] of tries) {
    const response = await call(h, undefined, "GET", path, { headers });
    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(problemSchema.parse(await response.json()).request_id).toBe(response.headers.get("x-request-id"));
  }
  expect((await call(h, anna, "GET", "/api/me")).status).toBe(200);
});

test("an API token whose session has ended begins no run and stores nothing", async () => {
  const gone = await h.user("gone");
  h.exchange.signedOut.add(gone.sid);
  const before = await snapshot(h);
  const response = await call(h, gone, "POST", "/api/chat", { body: { message: "add x" } });
  expect(response.status).toBe(401);
  expect(await snapshot(h)).toBe(before);
});

test("the token of a deleted account changes nothing", async () => {
  const ghost = { token: h.issuer.sign("api", { sub: "g".repeat(32) }), id: "g".repeat(32) };
  const created = await call(h, ghost, "POST", `/api/${ghost.id}/tasks`, { body: { title: "back again" } });
  expect(created.status).toBe(401);
  expect((await call(h, ghost, "POST", "/api/chat", { body: { message: "hello" } })).status).toBe(401);
});

test.each([
  ["tasks:read", "tasks:write"],
  ["tasks:write", "tasks:read"],
])("a token with the scope %s alone is refused by every route that needs %s", async (scope, missing) => {
  const token = h.issuer.sign("api", { sub: anna.id, scope });
  const before = await snapshot(h);
  const refused = attacks().filter(({ route }) => route.scope === missing);
  expect(refused.length).toBeGreaterThan(3);
  for (const { method, path, body } of refused) {
    const response = await call(h, { token }, method, path, { body });
    expect(response.status, `${method} ${path}`).toBe(403);
    expect(response.headers.get("www-authenticate")).toContain(`scope="${missing}"`);
  }
  expect(await snapshot(h)).toBe(before);
});

test("a token that may only read can read", async () => {
  const reader = { token: h.issuer.sign("api", { sub: anna.id, scope: "tasks:read" }) };
  expect((await call(h, reader, "GET", `/api/${anna.id}/tasks`)).status).toBe(200);
});
