import { TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { createTestIssuer, rawSocket } from "@taskassistant/kit/testing";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_CLIENT, basic, type ExchangeHarness, forGrant, forMcp, startExchange } from "./exchange-harness.ts";
import { apiTokenOf, CLIENT_SECRET, PUBLIC_URL, signUp } from "./frontend-fixture.ts";

let harness: ExchangeHarness;
beforeAll(async () => {
  harness = await startExchange();
});
afterAll(() => harness?.close());

describe("client authentication at the exchange", () => {
  it.each([
    ["a request without credentials", null],
    ["another client", basic("mcp", CLIENT_SECRET)],
    ["the API with a wrong secret", basic("api", "wrong")],
    ["the API with a longer secret", basic("api", `${CLIENT_SECRET}x`)],
    ["a header of another scheme", `Bearer ${CLIENT_SECRET}`],
    ["a header that is not base64", "Basic %%%"],
  ])("refuses %s", async (_who, authorization) => {
    const user = await signUp(harness.app);
    const grant = await harness.grantOf(user);
    for (const form of [forGrant(await apiTokenOf(harness.app, user)), forMcp(grant)]) {
      const answer = await harness.exchange(form, authorization);
      expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Basic/);
      expect(answer.body.access_token).toBeUndefined();
    }
  });

  it("does not accept credentials in the form", async () => {
    const form = {
      ...forMcp(await harness.grantOf(await signUp(harness.app))),
      client_id: "api",
      client_secret: CLIENT_SECRET,
    };
    expect((await harness.exchange(form, null)).status).toBe(401);
  });
});

/** Sends this to the exchange and returns the answer. */
async function sent(...parts: string[]): Promise<string> {
  const client = await rawSocket(Number(new URL(harness.url).port));
  for (const part of parts) client.send(part);
  return client.closed();
}
const HEAD = [
  "POST /oauth2/token HTTP/1.1\r\nHost: a\r\nConnection: close\r\n",
  `Authorization: ${API_CLIENT}\r\nContent-Type: application/x-www-form-urlencoded\r\n`,
];

describe("the body of an exchange", () => {
  it("may come in chunks", async () => {
    const form = String(new URLSearchParams(forMcp(await harness.grantOf(await signUp(harness.app)))));
    const [first, second] = [form.slice(0, 100), form.slice(100)].map(
      (part) => `${part.length.toString(16)};a=b\r\n${part}\r\n`,
    );
    const answer = await sent(...HEAD, "Transfer-Encoding: chunked\r\n\r\n", `${first}${second}0\r\nA: b\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200 .*"access_token"/s);
  });

  it("that is too large in chunks is refused", async () => {
    const chunk = `2000\r\n${"x".repeat(0x2000)}\r\n`;
    const answer = await sent(...HEAD, "Transfer-Encoding: chunked\r\n\r\n", `${chunk.repeat(3)}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 400 .*larger than 16384 bytes/s);
  });

  it("that ends early is the client's fault", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new Error("aborted")) });
    const headers = { authorization: API_CLIENT, "content-type": "application/x-www-form-urlencoded" };
    const init = { method: "POST", headers, body, duplex: "half" };
    const answer = await harness.app.exchange.fetch(new Request(`${harness.url}/oauth2/token`, init));
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ error: "invalid_request" })]);
  });
});

describe("the subject token of an exchange", () => {
  it("is refused when it is of another kind", async () => {
    const user = await signUp(harness.app);
    const api = await apiTokenOf(harness.app, user);
    const grant = await harness.grantOf(user);
    const mcp = (await harness.exchange(forMcp(grant))).body.access_token;
    for (const wrong of [grant, mcp, "no token"]) {
      expect(await harness.refusal(forGrant(wrong))).toEqual([400, "invalid_request"]);
    }
    for (const wrong of [api, mcp, "no token"]) {
      expect(await harness.refusal(forMcp(wrong))).toEqual([400, "invalid_request"]);
    }
  });

  it("is refused for any audience but the MCP server", async () => {
    const grant = await harness.grantOf(await signUp(harness.app));
    for (const audience of [`${PUBLIC_URL}/api`, `${PUBLIC_URL}/mcp/`, "http://evil.test/mcp"]) {
      expect(await harness.refusal({ ...forMcp(grant), audience })).toEqual([400, "invalid_target"]);
    }
  });

  it("is refused when another issuer signed it with the right claims", async () => {
    const user = await signUp(harness.app);
    const foreign = await createTestIssuer({ issuer: PUBLIC_URL });
    try {
      const claims = { sub: user.id, sid: user.sessionId };
      const { kid } = decodeProtectedHeader(await apiTokenOf(harness.app, user));
      for (const header of [{}, { kid }]) {
        expect(await harness.refusal(forGrant(foreign.sign("api", claims, { header })))).toEqual([
          400,
          "invalid_request",
        ]);
        expect(await harness.refusal(forMcp(foreign.sign("run-grant", claims, { header })))).toEqual([
          400,
          "invalid_request",
        ]);
      }
    } finally {
      await foreign.close();
    }
  });
});

describe("the form of a token request", () => {
  it.each([
    ["a missing grant type", { grant_type: "" }, "invalid_request"],
    ["another grant type", { grant_type: "client_credentials" }, "unsupported_grant_type"],
    ["a missing subject token", { subject_token: "" }, "invalid_request"],
    [
      "an unknown type of subject token",
      { subject_token_type: "urn:ietf:params:oauth:token-type:jwt" },
      "invalid_request",
    ],
    [
      "an API token in exchange for an MCP token",
      { requested_token_type: TOKEN_EXCHANGE.accessToken },
      "invalid_request",
    ],
    ["a missing run ID", { run_id: "" }, "invalid_request"],
    ["a run ID that could break a log line", { run_id: "run\n1" }, "invalid_request"],
  ])("is refused with %s", async (_what, change, code) => {
    const token = await apiTokenOf(harness.app, await signUp(harness.app));
    expect(await harness.refusal({ ...forGrant(token), ...change })).toEqual([400, code]);
  });

  it("is refused with a repeated parameter, another content type or a body that is too large", async () => {
    const form = new URLSearchParams(forGrant(await apiTokenOf(harness.app, await signUp(harness.app))));
    const headers = { authorization: API_CLIENT, "content-type": "application/x-www-form-urlencoded" };
    const send = (body: string, extra = {}) =>
      fetch(`${harness.url}/oauth2/token`, { method: "POST", headers: { ...headers, ...extra }, body });
    const twice = await send(`${form}&run_id=other`);
    const json = await send(JSON.stringify(Object.fromEntries(form)), { "content-type": "application/json" });
    const large = await send(`${form}&padding=${"x".repeat(20_000)}`);
    for (const answer of [twice, json, large]) {
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: "invalid_request" });
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("is accepted at one path and with POST only", async () => {
    expect((await fetch(`${harness.url}/oauth2/token`, { headers: { authorization: API_CLIENT } })).status).toBe(404);
    expect((await fetch(`${harness.url}/api/auth/jwks`)).status).toBe(404);
  });
});
