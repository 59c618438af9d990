import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_URL, signOut, signUp } from "./frontend-fixture.ts";
import { ok, type ProxyWorld, startProxy } from "./proxy-harness.ts";

let world: ProxyWorld;
beforeAll(async () => {
  world = await startProxy();
});
afterAll(() => world?.close());

describe("headers", () => {
  it("to the API: ours are made, the browser's credentials and forwarding headers stay behind", async () => {
    world.answer(ok);
    await world.ask("PATCH", "/api/x/tasks/1", {
      body: "{}",
      headers: {
        authorization: "Bearer stolen",
        "proxy-authorization": "Basic stolen",
        "x-forwarded-for": "203.0.113.1",
        "x-forwarded-host": "evil.test",
        "x-forwarded-proto": "https",
        "x-real-ip": "203.0.113.1",
        forwarded: "for=203.0.113.1",
        "x-user-id": "somebody",
        "idempotency-key": "1",
        prefer: "return=minimal",
        "content-type": "application/merge-patch+json",
        "if-match": '"3"',
        "x-request-id": "request-1",
      },
    });
    const { headers } = world.seen[0]!;
    expect(Object.keys(headers).sort()).toEqual([
      "accept",
      "accept-encoding",
      "accept-language",
      "authorization",
      "cache-control",
      "connection",
      "content-type",
      "host",
      "if-match",
      "pragma",
      "sec-fetch-mode",
      "transfer-encoding",
      "user-agent",
      "x-request-id",
    ]);
    expect(headers).toMatchObject({
      "accept-encoding": "identity",
      "content-type": "application/merge-patch+json",
      "if-match": '"3"',
      "x-request-id": "request-1",
    });
    expect(decodeJwt(headers.authorization!.replace("Bearer ", ""))).toMatchObject({
      sub: world.user.id,
      sid: world.user.sessionId,
      aud: `${PUBLIC_URL}/api`,
      client_id: "browser",
    });
  });

  it("to the browser: no cookie, no CORS, no token, nothing stored", async () => {
    world.answer((_request, response) => {
      response.writeHead(201, {
        "content-type": "application/json",
        "set-cookie": "a=b",
        "access-control-allow-origin": "*",
        "x-powered-by": "something",
        sunset: "Sat, 01 Jan 2028 00:00:00 GMT",
        location: "/api/x/tasks/t_1",
        etag: '"1"',
      });
      response.end('{"id":"t_1"}');
    });
    const response = await world.ask("POST", "/api/x/tasks", { body: "{}" });
    expect(response.status).toBe(201);
    expect(Object.fromEntries(response.headers)).toEqual({
      "cache-control": "no-store",
      "content-type": "application/json",
      etag: '"1"',
      location: "/api/x/tasks/t_1",
      "x-request-id": expect.any(String),
    });
    expect(await response.json()).toEqual({ id: "t_1" });
  });

  it("answers without a body and refusals of the API go through as they are", async () => {
    for (const status of [204, 304, 404, 412, 422, 429, 500]) {
      world.answer((_request, response) => void response.writeHead(status, { "retry-after": "7" }).end());
      const response = await world.ask("GET", "/api/me");
      expect([response.status, response.headers.get("retry-after")]).toEqual([status, "7"]);
    }
  });

  it("a token of ours that the API refuses is no reason to sign in, and is made anew", async () => {
    const refuse = () => world.answer((_request, response) => void response.writeHead(401).end());
    refuse();
    const refused = await world.ask("GET", "/api/me");
    expect([refused.status, await refused.json()]).toMatchObject([502, { code: "unavailable" }]);
    const [first] = world.seen.map((request) => request.headers.authorization);
    world.answer(ok);
    await world.ask("GET", "/api/me");
    expect(world.seen[0]!.headers.authorization).not.toBe(first);

    const leaving = await signUp(world.app, "Leaving");
    world.answer(async (_request, response) => {
      await signOut(world.app, leaving);
      response.writeHead(401).end();
    });
    expect((await world.ask("GET", "/api/me", { headers: { cookie: leaving.cookie } })).status).toBe(401);
  });

  it("uses one token for the requests of a session, and another session's never", async () => {
    world.answer(ok);
    const other = await signUp(world.app, "Other");
    await world.ask("GET", "/api/me");
    await world.ask("GET", "/api/me", { headers: { cookie: other.cookie } });
    await world.ask("GET", "/api/me");
    const tokens = world.seen.map((request) => request.headers.authorization!.replace("Bearer ", ""));
    expect(tokens[0]).toBe(tokens[2]);
    expect(tokens.map((token) => decodeJwt(token).sub)).toEqual([world.user.id, other.id, world.user.id]);
  });
});
