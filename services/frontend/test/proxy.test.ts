import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_URL, signOut, signUp } from "./frontend-fixture.ts";
import { ok, type ProxyWorld, startProxy, TRUSTED } from "./proxy-harness.ts";

let world: ProxyWorld;
beforeAll(async () => {
  world = await startProxy();
});
afterAll(() => world?.close());

describe("what is passed on", () => {
  const task = "/api/AbCdEfGhIjKlMnOpQrStUvWxYz012345/tasks/t_7k2p9d4m1x0a";

  it("is the API's surface", async () => {
    world.answer(ok);
    const surface: [string, string][] = [
      ["POST", "/api/chat"],
      ["GET", "/api/conversations"],
      ["GET", "/api/conversations/2f0e7f3e-4c1b-4a55-9d8b-0c7c0e6a1b11"],
      ["DELETE", "/api/conversations/2f0e7f3e-4c1b-4a55-9d8b-0c7c0e6a1b11"],
      ["GET", "/api/me"],
      ["GET", "/api/openapi.json"],
      ["GET", `${task.replace(/\/[^/]+$/, "")}?status=open&limit=5`],
      ["POST", task.replace(/\/[^/]+$/, "")],
      ["GET", task],
      ["PATCH", task],
      ["DELETE", task],
    ];
    for (const [method, path] of surface) expect([path, (await world.ask(method, path)).status]).toEqual([path, 200]);
    expect(world.seen.map((request) => [request.method, request.url])).toEqual(surface);
  });

  it.each([
    ["GET", "/api/chat", 405],
    ["PUT", task, 405],
    ["DELETE", "/api/me", 405],
    ["GET", "/api", 404],
    ["GET", "/api/admin", 404],
    ["GET", "/api/x/tasks/../../internal", 404],
    ["GET", "/api/x/tasks/%2e%2e%2finternal", 404],
    ["GET", "/api/x/tasks/a/b", 404],
    ["GET", "/api/me/", 404],
    ["GET", "/api/%6de", 404],
    ["GET", "/api/x/tasks/%252e%252e", 404],
    ["GET", "/api\\..\\internal", 404],
    ["GET", "//api/me", 404],
    ["GET", "/api//me", 404],
    ["GET", "/api/me%00", 404],
    ["GET", "/api/me;a=b", 404],
    ["GET", "/API/me", 404],
    ["POST", "/oauth2/token", 404],
    ["GET", "/metrics", 404],
  ])("is not %s %s", async (method, path, status) => {
    world.answer(ok);
    const response = await world.ask(method, path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(world.seen).toEqual([]);
  });
});

describe("who may ask", () => {
  it("refuses who is not signed in, in the shape of a problem", async () => {
    world.answer(ok);
    const gone = await signUp(world.app, "Gone");
    await world.ask("GET", "/api/me", { headers: { cookie: gone.cookie } });
    await signOut(world.app, gone);
    world.answer(ok);
    for (const cookie of ["", gone.cookie, "taskassistant-3000.session_token=forged.signature"]) {
      const response = await world.ask("GET", "/api/me", { headers: { cookie, "x-request-id": "abc" } });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ code: "unauthorized", status: 401, request_id: "abc" });
    }
    expect(world.seen).toEqual([]);
  });

  it.each([
    ["no origin", {}],
    ["an opaque origin", { origin: "null" }],
    ["another site", { origin: "https://evil.test" }],
    ["another port", { origin: "http://tasks.test:3001" }],
    ["a longer name", { origin: `${PUBLIC_URL}.evil.test` }],
    ["another scheme", { origin: PUBLIC_URL.replace("http:", "https:") }],
  ])("refuses changes with %s", async (_name, headers: Record<string, string>) => {
    world.answer(ok);
    for (const [method, path] of [
      ["POST", "/api/chat"],
      ["DELETE", "/api/conversations/1"],
      ["PATCH", "/api/x/tasks/1"],
    ] as const) {
      const request = new Request(PUBLIC_URL + path, { method, headers: { cookie: world.user.cookie, ...headers } });
      expect((await world.app.routes.api(request)).status).toBe(403);
    }
    expect(world.seen).toEqual([]);
  });

  it("lets a trusted origin make changes", async () => {
    world.answer(ok);
    expect((await world.ask("POST", "/api/chat", { headers: { origin: TRUSTED } })).status).toBe(200);
  });
});
