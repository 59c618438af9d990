import { type ParamKind, pathOf, ROUTES, type RouteEntry } from "@taskassistant/contracts/routes";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_URL, signOut, signUp } from "./frontend-fixture.ts";
import { ok, type ProxyHarness, startProxy, TRUSTED } from "./proxy-harness.ts";

let harness: ProxyHarness;
beforeAll(async () => {
  harness = await startProxy();
});
afterAll(() => harness?.close());

describe("the proxy", () => {
  const task = "/api/AbCdEfGhIjKlMnOpQrStUvWxYz012345/tasks/t_7k2p9d4m1x0a";

  it("forwards every route of the API", async () => {
    harness.answer(ok);
    const samples: Record<ParamKind, string> = {
      user: "AbCdEfGhIjKlMnOpQrStUvWxYz012345",
      task: "t_7k2p9d4m1x0a",
      project: "p_7k2p9d4m1x0a",
      tag: "g_7k2p9d4m1x0a",
      conversation: "2f0e7f3e-4c1b-4a55-9d8b-0c7c0e6a1b11",
    };
    const surface = Object.values<RouteEntry>(ROUTES).map((route): [string, string] => {
      const values = Object.entries(route.params).map(([name, kind]) => [name, samples[kind]]);
      return [route.method, `${pathOf(route, Object.fromEntries(values))}?status=open&limit=5`];
    });
    for (const [method, path] of surface) expect([path, (await harness.ask(method, path)).status]).toEqual([path, 200]);
    expect(harness.seen.map((request) => [request.method, request.url])).toEqual(surface);
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
  ])("refuses %s %s with %i", async (method, path, status) => {
    harness.answer(ok);
    const response = await harness.ask(method, path);
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(harness.seen).toEqual([]);
  });
});

describe("access through the proxy", () => {
  it("is refused with a problem document when the person is not signed in", async () => {
    harness.answer(ok);
    const gone = await signUp(harness.app, "Gone");
    await harness.ask("GET", "/api/me", { headers: { cookie: gone.cookie } });
    await signOut(harness.app, gone);
    harness.answer(ok);
    for (const cookie of ["", gone.cookie, "taskassistant-3000.session_token=forged.signature"]) {
      const response = await harness.ask("GET", "/api/me", {
        headers: { cookie, "x-request-id": "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f" },
      });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({
        code: "unauthorized",
        status: 401,
        request_id: "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f",
      });
    }
    expect(harness.seen).toEqual([]);
  });

  it.each(["/api/health", "/api/openapi.json"])(
    "to %s needs no session, and no credential goes along",
    async (path) => {
      harness.answer(ok);
      const sessions = [{}, { cookie: harness.user.cookie }, { authorization: "Bearer stolen" }];
      for (const headers of sessions) {
        const request = new Request(PUBLIC_URL + path, { headers });
        expect((await harness.app.routes.api(request)).status).toBe(200);
      }
      expect(harness.seen.map(({ url, headers }) => [url, headers.authorization, headers.cookie])).toEqual(
        sessions.map(() => [path, undefined, undefined]),
      );
    },
  );

  it.each([
    ["a request without an origin", {}],
    ["an opaque origin", { origin: "null" }],
    ["another site", { origin: "https://evil.test" }],
    ["another port", { origin: "http://tasks.test:3001" }],
    ["a longer host name", { origin: `${PUBLIC_URL}.evil.test` }],
    ["another scheme", { origin: PUBLIC_URL.replace("http:", "https:") }],
  ])("is refused for changes from %s", async (_name, headers: Record<string, string>) => {
    harness.answer(ok);
    for (const [method, path] of [
      ["POST", "/api/chat"],
      ["DELETE", "/api/conversations/1"],
      ["PATCH", "/api/x/tasks/1"],
    ] as const) {
      const request = new Request(PUBLIC_URL + path, { method, headers: { cookie: harness.user.cookie, ...headers } });
      expect((await harness.app.routes.api(request)).status).toBe(403);
    }
    expect(harness.seen).toEqual([]);
  });

  it("is granted for changes from a trusted origin", async () => {
    harness.answer(ok);
    expect((await harness.ask("POST", "/api/chat", { headers: { origin: TRUSTED } })).status).toBe(200);
  });
});
