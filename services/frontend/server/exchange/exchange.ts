import {
  API_CLIENT_ID,
  type ApiClaims,
  audienceOf,
  MCP_TOKEN_SECONDS,
  type RunGrantClaims,
  scopesOf,
  TOKEN_EXCHANGE,
} from "@taskassistant/contracts";
import { createTokenVerifier, type JwksSource, TokenError } from "@taskassistant/kit/jwt";
import type { LiveSession, Sessions } from "../sessions/sessions.ts";
import type { Mint } from "../tokens/mint.ts";
import { OAuthError } from "./oauth-error.ts";
import type { ExchangeRequest, McpTokenRequest, RunGrantRequest } from "./request.ts";

/** The answer to a successful exchange (RFC 8693, section 2.2.1). */
export interface ExchangeResponse {
  access_token: string;
  issued_token_type: string;
  token_type: "Bearer" | "N_A";
  expires_in: number;
  scope: string;
}

/** What an exchange needs. */
export interface ExchangeDeps {
  issuer: string;
  keys: JwksSource;
  sessions: Sessions;
  mint: Mint;
  runGrantSeconds: number;
}

/**
 * Exchanges one token of the identity chain for the next while the session it came from is alive. Each step accepts
 * exactly one kind of subject token and verifies its issuer, audience and `typ`. Throws `OAuthError`.
 */
export function createExchange(deps: ExchangeDeps) {
  const { issuer, mint, sessions } = deps;
  const apiTokens = createTokenVerifier({ issuer, kind: "api", jwks: deps.keys });
  const runGrants = createTokenVerifier({ issuer, kind: "run-grant", jwks: deps.keys });

  async function liveSession(claims: ApiClaims | RunGrantClaims): Promise<LiveSession> {
    const session = await sessions.ofUser(claims.sid, claims.sub);
    if (session === undefined) throw new OAuthError("invalid_grant", "the session has ended");
    return session;
  }

  async function toRunGrant(request: RunGrantRequest): Promise<ExchangeResponse> {
    const claims = await verified(apiTokens.verify(request.subject_token));
    const session = await liveSession(claims);
    const { scope } = claims;
    const grant = await mint.sign("run-grant", session, { run_id: request.run_id, scope }, deps.runGrantSeconds);
    return {
      access_token: grant.token,
      issued_token_type: TOKEN_EXCHANGE.runGrant,
      token_type: "N_A",
      expires_in: grant.expiresIn,
      scope,
    };
  }

  async function toMcpToken(request: McpTokenRequest): Promise<ExchangeResponse> {
    const audience = audienceOf("mcp", issuer);
    if (request.audience !== audience) throw new OAuthError("invalid_target", `the audience must be ${audience}`);
    const claims = await verified(runGrants.verify(request.subject_token));
    const scope = narrowed(claims, request.scope);
    const session = await liveSession(claims);
    const token = await mint.sign(
      "mcp",
      session,
      { client_id: API_CLIENT_ID, scope, act: { sub: API_CLIENT_ID } },
      MCP_TOKEN_SECONDS,
    );
    return {
      access_token: token.token,
      issued_token_type: TOKEN_EXCHANGE.accessToken,
      token_type: "Bearer",
      expires_in: token.expiresIn,
      scope,
    };
  }

  return (request: ExchangeRequest): Promise<ExchangeResponse> =>
    request.subject_token_type === TOKEN_EXCHANGE.accessToken ? toRunGrant(request) : toMcpToken(request);
}

/** Treats an expired token like an ended session. Any other flaw means that the client sent the wrong token. */
async function verified<C>(verification: Promise<C>): Promise<C> {
  try {
    return await verification;
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    if (error.reason === "expired")
      throw new OAuthError("invalid_grant", "the subject token has expired", { cause: error });
    throw new OAuthError("invalid_request", `the subject token is not accepted (${error.reason})`, { cause: error });
  }
}

/** Returns the requested scopes, all of which must have been granted (RFC 8693, section 2.1). */
function narrowed(granted: { scope: string }, wanted: string | undefined): string {
  if (wanted === undefined) return granted.scope;
  const allowed = scopesOf(granted);
  const scopes = [...scopesOf({ scope: wanted })];
  const extra = scopes.find((scope) => !allowed.has(scope));
  if (extra !== undefined || scopes.length === 0) throw new OAuthError("invalid_scope", "a scope was not granted");
  return scopes.join(" ");
}
