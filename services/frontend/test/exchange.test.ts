import { MCP_TOKEN_SECONDS, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExchangeHarness, forGrant, forMcp, startExchange } from "./exchange-harness.ts";
import { apiTokenOf, PUBLIC_URL, signOut, signUp } from "./frontend-fixture.ts";

let harness: ExchangeHarness;
beforeAll(async () => {
  harness = await startExchange();
});
afterAll(() => harness?.close());

describe("the token exchange", () => {
  it("issues a run grant for an API token", async () => {
    const user = await signUp(harness.app);
    const answer = await harness.exchange(forGrant(await apiTokenOf(harness.app, user), "run-1"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: TOKEN_EXCHANGE.runGrant,
      token_type: "N_A",
      expires_in: 90,
      scope: "tasks:read tasks:write",
    });
    expect(await harness.opened(answer.body.access_token)).toEqual({
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

  it("issues an MCP token of 60 seconds for a run grant", async () => {
    const user = await signUp(harness.app);
    const answer = await harness.exchange(forMcp(await harness.grantOf(user)));
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: TOKEN_EXCHANGE.accessToken,
      token_type: "Bearer",
      expires_in: MCP_TOKEN_SECONDS,
      scope: "tasks:read tasks:write",
    });
    expect(await harness.opened(answer.body.access_token)).toEqual({
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

  it("starts with an API token that has exactly these claims", async () => {
    const user = await signUp(harness.app);
    expect(await harness.opened(await apiTokenOf(harness.app, user))).toEqual({
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

  it("grants fewer scopes on request and never more", async () => {
    const grant = await harness.grantOf(await signUp(harness.app));
    const fewer = await harness.exchange({ ...forMcp(grant), scope: "tasks:read" });
    expect(fewer.body.scope).toBe("tasks:read");
    expect(decodeJwt(fewer.body.access_token).scope).toBe("tasks:read");
    expect(await harness.refusal({ ...forMcp(grant), scope: "tasks:read admin" })).toEqual([400, "invalid_scope"]);
  });

  it("issues no token that outlives the session", async () => {
    const user = await signUp(harness.app);
    const grant = await harness.grantOf(user);
    await harness.admin.query(`update auth.session set "expiresAt" = now() + interval '20 seconds' where id = $1`, [
      user.sessionId,
    ]);
    const answer = await harness.exchange(forMcp(grant));
    expect(answer.body.expires_in).toBeLessThanOrEqual(20);
  });
});

describe("the token exchange after the end of a session", () => {
  it("refuses both steps when the user has signed out", async () => {
    const user = await signUp(harness.app);
    const [token, grant] = [await apiTokenOf(harness.app, user), await harness.grantOf(user)];
    expect((await harness.exchange(forMcp(grant))).status).toBe(200);
    await signOut(harness.app, user);
    expect(await harness.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await harness.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses both steps when the session has expired", async () => {
    const user = await signUp(harness.app);
    const [token, grant] = [await apiTokenOf(harness.app, user), await harness.grantOf(user)];
    await harness.admin.query(`update auth.session set "expiresAt" = now() - interval '1 second' where id = $1`, [
      user.sessionId,
    ]);
    expect(await harness.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await harness.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses both steps when the session belongs to another user", async () => {
    const [ada, eve] = [await signUp(harness.app, "Ada"), await signUp(harness.app, "Eve")];
    const [token, grant] = [await apiTokenOf(harness.app, ada), await harness.grantOf(ada)];
    await harness.admin.query(`update auth.session set "userId" = $1 where id = $2`, [eve.id, ada.sessionId]);
    expect(await harness.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await harness.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses a run grant of a user who no longer exists", async () => {
    const user = await signUp(harness.app);
    const grant = await harness.grantOf(user);
    await harness.admin.query(`delete from auth."user" where id = $1`, [user.id]);
    expect(await harness.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });
});
