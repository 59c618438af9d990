import { audienceOf, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { listen } from "@taskassistant/kit/http";
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import pg from "pg";
import {
  apiTokenOf,
  authRequest,
  CLIENT_SECRET,
  PUBLIC_URL,
  startFrontend,
  type TestUser,
} from "./frontend-fixture.ts";

interface Answer {
  access_token: string;
  expires_in: number;
  scope: string;
  error?: string;
}

/** A running exchange and the requests to it. */
export type ExchangeHarness = Awaited<ReturnType<typeof startExchange>>;

/** Starts a frontend with its exchange, and connects to the database as its owner. */
export async function startExchange() {
  const frontend = await startFrontend({ JWT_EXPIRES_IN_SECONDS: "120", RUN_GRANT_EXPIRES_IN_SECONDS: "90" });
  const { app, database } = frontend;
  const listener = await listen({ fetch: app.exchange.fetch, port: 0, host: "127.0.0.1", log: app.log, drainMs: 0 });
  const admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();

  const exchange = async (form: Record<string, string>, authorization: string | null = API_CLIENT) => {
    const response = await fetch(`${listener.url}/oauth2/token`, {
      method: "POST",
      headers: authorization === null ? {} : { authorization },
      body: new URLSearchParams(form),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Answer };
  };

  return {
    app,
    admin,
    url: listener.url,
    exchange,
    /** The status and the error code. A token in the answer is reported in place of the code. */
    refusal: async (form: Record<string, string>): Promise<[number, string | undefined]> => {
      const { status, body } = await exchange(form);
      return [status, body.access_token === undefined ? body.error : "a token was given"];
    },
    grantOf: async (user: TestUser): Promise<string> =>
      (await exchange(forGrant(await apiTokenOf(app, user)))).body.access_token,
    /** The header and the claims of a token, after the published key set has verified its signature. */
    opened: async (token: string) => {
      const keySet = (await (await app.routes.auth(authRequest("/jwks"))).json()) as JSONWebKeySet;
      const { payload } = await jwtVerify(token, createLocalJWKSet(keySet));
      return { header: decodeProtectedHeader(token), claims: payload, life: payload.exp! - payload.iat! };
    },
    close: async () => {
      await admin.end();
      await listener.stop();
      await frontend.close();
    },
  };
}

/** The `Authorization` header of a client (RFC 6749, section 2.3.1). */
export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString("base64")}`;
}

export const API_CLIENT = basic("api", CLIENT_SECRET);

/** The form that asks for a run grant with an API token. */
export function forGrant(token: string, runId = "run-1"): Record<string, string> {
  return {
    grant_type: TOKEN_EXCHANGE.grantType,
    subject_token: token,
    subject_token_type: TOKEN_EXCHANGE.accessToken,
    requested_token_type: TOKEN_EXCHANGE.runGrant,
    run_id: runId,
  };
}

/** The form that asks for an MCP token with a run grant. */
export function forMcp(grant: string): Record<string, string> {
  return {
    grant_type: TOKEN_EXCHANGE.grantType,
    subject_token: grant,
    subject_token_type: TOKEN_EXCHANGE.runGrant,
    audience: audienceOf("mcp", PUBLIC_URL),
  };
}
