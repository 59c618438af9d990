import { audienceOf, MCP_TOKEN_SECONDS, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { type Listener, listen } from "@taskassistant/kit";
import { createTestIssuer } from "@taskassistant/kit/testing";
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  apiTokenOf,
  authRequest,
  CLIENT_SECRET,
  PUBLIC_URL,
  signOut,
  signUp,
  startFrontend,
  type TestFrontend,
  type TestUser,
} from "./setup.ts";

let frontend: TestFrontend;
let listener: Listener;
let admin: pg.Client;

beforeAll(async () => {
  frontend = await startFrontend({ JWT_EXPIRES_IN_SECONDS: "120", RUN_GRANT_EXPIRES_IN_SECONDS: "90" });
  const { app } = frontend;
  listener = await listen({ fetch: app.exchange.fetch, port: 0, host: "127.0.0.1", log: app.log, drainMs: 0 });
  admin = new pg.Client({ connectionString: frontend.database.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin?.end();
  await listener?.stop();
  await frontend?.close();
});

const API_CLIENT = basic("api", CLIENT_SECRET);

describe("from the API token to the MCP token", () => {
  it("gives a run grant for an API token", async () => {
    const user = await signUp(frontend.app);
    const answer = await exchange(forGrant(await apiTokenOf(frontend.app, user), "run-1"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: TOKEN_EXCHANGE.runGrant,
      token_type: "N_A",
      expires_in: 90,
      scope: "tasks:read tasks:write",
    });
    expect(await opened(answer.body.access_token)).toEqual({
      header: { alg: "EdDSA", typ: "run-grant+jwt", kid: expect.any(String) },
      claims: {
        iss: PUBLIC_URL,
        aud: `${PUBLIC_URL}/exchange`,
        sub: user.id,
        sid: user.sessionId,
        run_id: "run-1",
        scope: "tasks:read tasks:write",
        iat: expect.any(Number),
        exp: expect.any(Number),
        jti: expect.any(String),
      },
      life: 90,
    });
  });

  it("gives an MCP token of 60 seconds for a run grant", async () => {
    const user = await signUp(frontend.app);
    const answer = await exchange(forMcp(await grantOf(user)));
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: TOKEN_EXCHANGE.accessToken,
      token_type: "Bearer",
      expires_in: MCP_TOKEN_SECONDS,
      scope: "tasks:read tasks:write",
    });
    expect(await opened(answer.body.access_token)).toEqual({
      header: { alg: "EdDSA", typ: "at+jwt", kid: expect.any(String) },
      claims: {
        iss: PUBLIC_URL,
        aud: `${PUBLIC_URL}/mcp`,
        sub: user.id,
        sid: user.sessionId,
        client_id: "api",
        scope: "tasks:read tasks:write",
        act: { sub: "api" },
        iat: expect.any(Number),
        exp: expect.any(Number),
        jti: expect.any(String),
      },
      life: 60,
    });
  });

  it("starts from an API token with exactly these claims", async () => {
    const user = await signUp(frontend.app);
    expect(await opened(await apiTokenOf(frontend.app, user))).toEqual({
      header: { alg: "EdDSA", typ: "at+jwt", kid: expect.any(String) },
      claims: {
        iss: PUBLIC_URL,
        aud: `${PUBLIC_URL}/api`,
        sub: user.id,
        sid: user.sessionId,
        client_id: "script",
        scope: "tasks:read tasks:write",
        iat: expect.any(Number),
        exp: expect.any(Number),
        jti: expect.any(String),
      },
      life: 120,
    });
  });

  it("can be asked for fewer scopes, never for more", async () => {
    const grant = await grantOf(await signUp(frontend.app));
    const fewer = await exchange({ ...forMcp(grant), scope: "tasks:read" });
    expect(fewer.body.scope).toBe("tasks:read");
    expect(decodeJwt(fewer.body.access_token).scope).toBe("tasks:read");
    expect(await refusal({ ...forMcp(grant), scope: "tasks:read admin" })).toEqual([400, "invalid_scope"]);
  });

  it("makes no token that outlives the session", async () => {
    const user = await signUp(frontend.app);
    const grant = await grantOf(user);
    await admin.query(`update auth.session set "expiresAt" = now() + interval '20 seconds' where id = $1`, [
      user.sessionId,
    ]);
    const answer = await exchange(forMcp(grant));
    expect(answer.body.expires_in).toBeLessThanOrEqual(20);
  });
});

describe("who may ask", () => {
  it.each([
    ["nobody", null],
    ["another client", basic("mcp", CLIENT_SECRET)],
    ["the API with a wrong secret", basic("api", "wrong")],
    ["the API with a longer secret", basic("api", `${CLIENT_SECRET}x`)],
    ["a header that is no Basic one", `Bearer ${CLIENT_SECRET}`],
    ["a header that is no base64", "Basic %%%"],
  ])("refuses %s", async (_who, authorization) => {
    const user = await signUp(frontend.app);
    const grant = await grantOf(user);
    for (const form of [forGrant(await apiTokenOf(frontend.app, user)), forMcp(grant)]) {
      const answer = await exchange(form, authorization);
      expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
      expect(answer.headers.get("www-authenticate")).toMatch(/^Basic/);
      expect(answer.body.access_token).toBeUndefined();
    }
  });

  it("does not take credentials out of the form", async () => {
    const form = {
      ...forMcp(await grantOf(await signUp(frontend.app))),
      client_id: "api",
      client_secret: CLIENT_SECRET,
    };
    expect((await exchange(form, null)).status).toBe(401);
  });
});

describe("while the session lives, and no longer", () => {
  it("refuses both steps after signing out", async () => {
    const user = await signUp(frontend.app);
    const [token, grant] = [await apiTokenOf(frontend.app, user), await grantOf(user)];
    expect((await exchange(forMcp(grant))).status).toBe(200);
    await signOut(frontend.app, user);
    expect(await refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses both steps after the session has expired", async () => {
    const user = await signUp(frontend.app);
    const [token, grant] = [await apiTokenOf(frontend.app, user), await grantOf(user)];
    await admin.query(`update auth.session set "expiresAt" = now() - interval '1 second' where id = $1`, [
      user.sessionId,
    ]);
    expect(await refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses a session that belongs to another user", async () => {
    const [ada, eve] = [await signUp(frontend.app, "Ada"), await signUp(frontend.app, "Eve")];
    const [token, grant] = [await apiTokenOf(frontend.app, ada), await grantOf(ada)];
    await admin.query(`update auth.session set "userId" = $1 where id = $2`, [eve.id, ada.sessionId]);
    expect(await refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses everything of a user who is gone", async () => {
    const user = await signUp(frontend.app);
    const grant = await grantOf(user);
    await admin.query(`delete from auth."user" where id = $1`, [user.id]);
    expect(await refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });
});

describe("which token is for what", () => {
  it("refuses a token in another one's place", async () => {
    const user = await signUp(frontend.app);
    const api = await apiTokenOf(frontend.app, user);
    const grant = await grantOf(user);
    const mcp = (await exchange(forMcp(grant))).body.access_token;
    for (const wrong of [grant, mcp, "no token"]) {
      expect(await refusal(forGrant(wrong))).toEqual([400, "invalid_request"]);
    }
    for (const wrong of [api, mcp, "no token"]) {
      expect(await refusal(forMcp(wrong))).toEqual([400, "invalid_request"]);
    }
  });

  it("refuses another audience than the MCP server", async () => {
    const grant = await grantOf(await signUp(frontend.app));
    for (const audience of [`${PUBLIC_URL}/api`, `${PUBLIC_URL}/mcp/`, "http://evil.test/mcp"]) {
      expect(await refusal({ ...forMcp(grant), audience })).toEqual([400, "invalid_target"]);
    }
  });

  it("refuses what another issuer signed with the right claims", async () => {
    const user = await signUp(frontend.app);
    const foreign = await createTestIssuer({ issuer: PUBLIC_URL });
    try {
      const claims = { sub: user.id, sid: user.sessionId };
      const { kid } = decodeProtectedHeader(await apiTokenOf(frontend.app, user));
      for (const header of [{}, { kid }]) {
        expect(await refusal(forGrant(foreign.sign("api", claims, { header })))).toEqual([400, "invalid_request"]);
        expect(await refusal(forMcp(foreign.sign("run-grant", claims, { header })))).toEqual([400, "invalid_request"]);
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
    const token = await apiTokenOf(frontend.app, await signUp(frontend.app));
    expect(await refusal({ ...forGrant(token), ...change })).toEqual([400, code]);
  });

  it("refuses a parameter given twice, another content type and too large a body", async () => {
    const form = new URLSearchParams(forGrant(await apiTokenOf(frontend.app, await signUp(frontend.app))));
    const headers = { authorization: API_CLIENT, "content-type": "application/x-www-form-urlencoded" };
    const send = (body: string, extra = {}) =>
      fetch(`${listener.url}/oauth2/token`, { method: "POST", headers: { ...headers, ...extra }, body });
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
    expect((await fetch(`${listener.url}/oauth2/token`, { headers: { authorization: API_CLIENT } })).status).toBe(404);
    expect((await fetch(`${listener.url}/api/auth/jwks`)).status).toBe(404);
  });
});

type Answer = { access_token: string; expires_in: number; scope: string; error?: string };

async function exchange(form: Record<string, string>, authorization: string | null = API_CLIENT) {
  const response = await fetch(`${listener.url}/oauth2/token`, {
    method: "POST",
    headers: authorization === null ? {} : { authorization },
    body: new URLSearchParams(form),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
}

async function refusal(form: Record<string, string>): Promise<[number, string | undefined]> {
  const { status, body } = await exchange(form);
  expect(body.access_token).toBeUndefined();
  return [status, body.error];
}

function forGrant(token: string, runId = "run-1"): Record<string, string> {
  return {
    grant_type: TOKEN_EXCHANGE.grantType,
    subject_token: token,
    subject_token_type: TOKEN_EXCHANGE.accessToken,
    requested_token_type: TOKEN_EXCHANGE.runGrant,
    run_id: runId,
  };
}

function forMcp(grant: string): Record<string, string> {
  return {
    grant_type: TOKEN_EXCHANGE.grantType,
    subject_token: grant,
    subject_token_type: TOKEN_EXCHANGE.runGrant,
    audience: audienceOf("mcp", PUBLIC_URL),
  };
}

async function grantOf(user: TestUser): Promise<string> {
  return (await exchange(forGrant(await apiTokenOf(frontend.app, user)))).body.access_token;
}

/** Header and claims of a token whose signature the published key set confirms. */
async function opened(token: string) {
  const keySet = (await (await frontend.app.routes.auth(authRequest("/jwks"))).json()) as JSONWebKeySet;
  const { payload } = await jwtVerify(token, createLocalJWKSet(keySet));
  return { header: decodeProtectedHeader(token), claims: payload, life: payload.exp! - payload.iat! };
}

function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
}
