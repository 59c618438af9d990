import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PUBLIC_URL, signOut, signUp } from "./frontend-fixture.ts";
import { ok, type ProxyHarness, startProxy } from "./proxy-harness.ts";

let harness: ProxyHarness;
beforeAll(async () => {
  harness = await startProxy();
});
afterAll(() => harness?.close());

describe("the proxy", () => {
  it("sends its own headers to the API and drops the browser's credentials and forwarding headers", async () => {
    harness.answer(ok);
    await harness.ask("PATCH", "/api/x/tasks/1", {
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
        "x-request-id": "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f",
      },
    });
    const { headers } = harness.seen[0]!;
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
      "x-request-id": "018f3c1e-7f2a-4b6c-9d10-5a7e3b2c4d6f",
    });
    expect(decodeJwt(headers.authorization!.replace("Bearer ", ""))).toMatchObject({
      sub: harness.user.id,
      sid: harness.user.sessionId,
      aud: `${PUBLIC_URL}/api`,
      client_id: "browser",
    });
  });

  it("sends no cookie, no CORS header and no token to the browser, and forbids caching", async () => {
    harness.answer((_request, response) => {
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
    const response = await harness.ask("POST", "/api/x/tasks", { body: "{}" });
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

  it("forwards refusals and answers without a body unchanged", async () => {
    for (const status of [204, 304, 404, 412, 422, 429, 500]) {
      harness.answer((_request, response) => void response.writeHead(status, { "retry-after": "7" }).end());
      const response = await harness.ask("GET", "/api/me");
      expect([response.status, response.headers.get("retry-after")]).toEqual([status, "7"]);
    }
  });

  it("asks the person to sign in only when the session has ended, and replaces a token that the API rejects", async () => {
    const refuse = () => harness.answer((_request, response) => void response.writeHead(401).end());
    refuse();
    const refused = await harness.ask("GET", "/api/me");
    expect([refused.status, await refused.json()]).toMatchObject([502, { code: "unavailable" }]);
    const [first] = harness.seen.map((request) => request.headers.authorization);
    harness.answer(ok);
    await harness.ask("GET", "/api/me");
    expect(harness.seen[0]!.headers.authorization).not.toBe(first);

    const leaving = await signUp(harness.app, "Leaving");
    harness.answer(async (_request, response) => {
      await signOut(harness.app, leaving);
      response.writeHead(401).end();
    });
    expect((await harness.ask("GET", "/api/me", { headers: { cookie: leaving.cookie } })).status).toBe(401);
  });

  it("reuses a token within its session and never in another one", async () => {
    harness.answer(ok);
    const other = await signUp(harness.app, "Other");
    await harness.ask("GET", "/api/me");
    await harness.ask("GET", "/api/me", { headers: { cookie: other.cookie } });
    await harness.ask("GET", "/api/me");
    const tokens = harness.seen.map((request) => request.headers.authorization!.replace("Bearer ", ""));
    expect(tokens[0]).toBe(tokens[2]);
    expect(tokens.map((token) => decodeJwt(token).sub)).toEqual([harness.user.id, other.id, harness.user.id]);
  });
});
