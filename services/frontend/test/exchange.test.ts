import { MCP_TOKEN_SECONDS, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExchangeWorld, forGrant, forMcp, startExchange } from "./exchange-harness.ts";
import { apiTokenOf, PUBLIC_URL, signOut, signUp } from "./frontend-fixture.ts";

let world: ExchangeWorld;
beforeAll(async () => {
  world = await startExchange();
});
afterAll(() => world?.close());

describe("from the API token to the MCP token", () => {
  it("gives a run grant for an API token", async () => {
    const user = await signUp(world.app);
    const answer = await world.exchange(forGrant(await apiTokenOf(world.app, user), "run-1"));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: TOKEN_EXCHANGE.runGrant,
      token_type: "N_A",
      expires_in: 90,
      scope: "tasks:read tasks:write",
    });
    expect(await world.opened(answer.body.access_token)).toEqual({
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
    const user = await signUp(world.app);
    const answer = await world.exchange(forMcp(await world.grantOf(user)));
    expect(answer.body).toEqual({
      access_token: expect.any(String),
      issued_token_type: TOKEN_EXCHANGE.accessToken,
      token_type: "Bearer",
      expires_in: MCP_TOKEN_SECONDS,
      scope: "tasks:read tasks:write",
    });
    expect(await world.opened(answer.body.access_token)).toEqual({
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
    const user = await signUp(world.app);
    expect(await world.opened(await apiTokenOf(world.app, user))).toEqual({
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
    const grant = await world.grantOf(await signUp(world.app));
    const fewer = await world.exchange({ ...forMcp(grant), scope: "tasks:read" });
    expect(fewer.body.scope).toBe("tasks:read");
    expect(decodeJwt(fewer.body.access_token).scope).toBe("tasks:read");
    expect(await world.refusal({ ...forMcp(grant), scope: "tasks:read admin" })).toEqual([400, "invalid_scope"]);
  });

  it("makes no token that outlives the session", async () => {
    const user = await signUp(world.app);
    const grant = await world.grantOf(user);
    await world.admin.query(`update auth.session set "expiresAt" = now() + interval '20 seconds' where id = $1`, [
      user.sessionId,
    ]);
    const answer = await world.exchange(forMcp(grant));
    expect(answer.body.expires_in).toBeLessThanOrEqual(20);
  });
});

describe("while the session lives, and no longer", () => {
  it("refuses both steps after signing out", async () => {
    const user = await signUp(world.app);
    const [token, grant] = [await apiTokenOf(world.app, user), await world.grantOf(user)];
    expect((await world.exchange(forMcp(grant))).status).toBe(200);
    await signOut(world.app, user);
    expect(await world.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await world.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses both steps after the session has expired", async () => {
    const user = await signUp(world.app);
    const [token, grant] = [await apiTokenOf(world.app, user), await world.grantOf(user)];
    await world.admin.query(`update auth.session set "expiresAt" = now() - interval '1 second' where id = $1`, [
      user.sessionId,
    ]);
    expect(await world.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await world.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses a session that belongs to another user", async () => {
    const [ada, eve] = [await signUp(world.app, "Ada"), await signUp(world.app, "Eve")];
    const [token, grant] = [await apiTokenOf(world.app, ada), await world.grantOf(ada)];
    await world.admin.query(`update auth.session set "userId" = $1 where id = $2`, [eve.id, ada.sessionId]);
    expect(await world.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await world.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });

  it("refuses everything of a user who is gone", async () => {
    const user = await signUp(world.app);
    const grant = await world.grantOf(user);
    await world.admin.query(`delete from auth."user" where id = $1`, [user.id]);
    expect(await world.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
  });
});
