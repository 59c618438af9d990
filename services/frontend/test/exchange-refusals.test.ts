import { TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { createTestIssuer } from "@taskassistant/kit/testing";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_CLIENT, basic, type ExchangeWorld, forGrant, forMcp, startExchange } from "./exchange-harness.ts";
import { apiTokenOf, CLIENT_SECRET, PUBLIC_URL, signUp } from "./frontend-fixture.ts";

let world: ExchangeWorld;
beforeAll(async () => {
  world = await startExchange();
});
afterAll(() => world?.close());

describe("who may ask", () => {
  it.each([
    ["nobody", null],
    ["another client", basic("mcp", CLIENT_SECRET)],
    ["the API with a wrong secret", basic("api", "wrong")],
    ["the API with a longer secret", basic("api", `${CLIENT_SECRET}x`)],
    ["a header that is no Basic one", `Bearer ${CLIENT_SECRET}`],
    ["a header that is no base64", "Basic %%%"],
  ])("refuses %s", async (_who, authorization) => {
    const user = await signUp(world.app);
    const grant = await world.grantOf(user);
    for (const form of [forGrant(await apiTokenOf(world.app, user)), forMcp(grant)]) {
      const answer = await world.exchange(form, authorization);
      expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Basic/);
      expect(answer.body.access_token).toBeUndefined();
    }
  });

  it("does not take credentials out of the form", async () => {
    const form = {
      ...forMcp(await world.grantOf(await signUp(world.app))),
      client_id: "api",
      client_secret: CLIENT_SECRET,
    };
    expect((await world.exchange(form, null)).status).toBe(401);
  });
});

describe("which token is for what", () => {
  it("refuses a token in another one's place", async () => {
    const user = await signUp(world.app);
    const api = await apiTokenOf(world.app, user);
    const grant = await world.grantOf(user);
    const mcp = (await world.exchange(forMcp(grant))).body.access_token;
    for (const wrong of [grant, mcp, "no token"]) {
      expect(await world.refusal(forGrant(wrong))).toEqual([400, "invalid_request"]);
    }
    for (const wrong of [api, mcp, "no token"]) {
      expect(await world.refusal(forMcp(wrong))).toEqual([400, "invalid_request"]);
    }
  });

  it("refuses another audience than the MCP server", async () => {
    const grant = await world.grantOf(await signUp(world.app));
    for (const audience of [`${PUBLIC_URL}/api`, `${PUBLIC_URL}/mcp/`, "http://evil.test/mcp"]) {
      expect(await world.refusal({ ...forMcp(grant), audience })).toEqual([400, "invalid_target"]);
    }
  });

  it("refuses what another issuer signed with the right claims", async () => {
    const user = await signUp(world.app);
    const foreign = await createTestIssuer({ issuer: PUBLIC_URL });
    try {
      const claims = { sub: user.id, sid: user.sessionId };
      const { kid } = decodeProtectedHeader(await apiTokenOf(world.app, user));
      for (const header of [{}, { kid }]) {
        expect(await world.refusal(forGrant(foreign.sign("api", claims, { header })))).toEqual([
          400,
          "invalid_request",
        ]);
        expect(await world.refusal(forMcp(foreign.sign("run-grant", claims, { header })))).toEqual([
          400,
          "invalid_request",
        ]);
      }
    } finally {
      await foreign.close();
    }
  });
});

describe("the form", () => {
  it.each([
    ["no grant type", { grant_type: "" }, "invalid_request"],
    ["another grant type", { grant_type: "client_credentials" }, "unsupported_grant_type"],
    ["no subject token", { subject_token: "" }, "invalid_request"],
    ["an unknown type of subject", { subject_token_type: "urn:ietf:params:oauth:token-type:jwt" }, "invalid_request"],
    [
      "an MCP token straight from an API token",
      { requested_token_type: TOKEN_EXCHANGE.accessToken },
      "invalid_request",
    ],
    ["no run", { run_id: "" }, "invalid_request"],
    ["a run id that could break a log line", { run_id: "run\n1" }, "invalid_request"],
  ])("refuses %s", async (_what, change, code) => {
    const token = await apiTokenOf(world.app, await signUp(world.app));
    expect(await world.refusal({ ...forGrant(token), ...change })).toEqual([400, code]);
  });

  it("refuses a parameter given twice, another content type and too large a body", async () => {
    const form = new URLSearchParams(forGrant(await apiTokenOf(world.app, await signUp(world.app))));
    const headers = { authorization: API_CLIENT, "content-type": "application/x-www-form-urlencoded" };
    const send = (body: string, extra = {}) =>
      fetch(`${world.url}/oauth2/token`, { method: "POST", headers: { ...headers, ...extra }, body });
    const twice = await send(`${form}&run_id=other`);
    const json = await send(JSON.stringify(Object.fromEntries(form)), { "content-type": "application/json" });
    const large = await send(`${form}&padding=${"x".repeat(20_000)}`);
    for (const answer of [twice, json, large]) {
      expect(answer.status).toBe(400);
      expect(await answer.json()).toMatchObject({ error: "invalid_request" });
      expect(answer.headers.get("cache-control")).toBe("no-store");
    }
  });

  it("answers at this path and with POST only", async () => {
    expect((await fetch(`${world.url}/oauth2/token`, { headers: { authorization: API_CLIENT } })).status).toBe(404);
    expect((await fetch(`${world.url}/api/auth/jwks`)).status).toBe(404);
  });
});
