import { z } from "zod";

/**
 * The tokens of the identity chain. All are JWS with `alg: EdDSA`, signed by the frontend (Better Auth's key set),
 * `iss` = the public URL (`BETTER_AUTH_URL`) without a trailing slash.
 *
 * | token     | `typ` header       | `aud`            | lives            | who accepts it |
 * |-----------|--------------------|------------------|------------------|----------------|
 * | API token | `at+jwt` (RFC 9068)| `<iss>/api`      | 5 min (setting)  | api            |
 * | run grant | `run-grant+jwt`    | `<iss>/exchange` | as long as a run | the exchange endpoint, with the API's client credential |
 * | MCP token | `at+jwt` (RFC 9068)| `<iss>/mcp`      | 60 s             | mcp            |
 */
export type TokenKind = "api" | "run-grant" | "mcp";

/** The `aud` of each token: a URL under the issuer (RFC 8707 resource). */
export function audienceOf(kind: TokenKind, issuer: string): string {
  const path = { api: "api", "run-grant": "exchange", mcp: "mcp" }[kind];
  return `${issuer.replace(/\/+$/, "")}/${path}`;
}

/** The `typ` header of each token (RFC 8725, section 3.11: explicit typing). */
export const TOKEN_TYP: Record<TokenKind, string> = { api: "at+jwt", "run-grant": "run-grant+jwt", mcp: "at+jwt" };

/** OAuth scopes. Reading needs the first, every change needs the second. */
export const SCOPES = ["tasks:read", "tasks:write"] as const;
export type Scope = (typeof SCOPES)[number];

/** Seconds an MCP token lives. */
export const MCP_TOKEN_SECONDS = 60;

/** The longest life of each token that a verifier accepts, in seconds: the maximum of the frontend's settings. */
export const TOKEN_LIFE_MAX: Record<TokenKind, number> = { api: 3_600, "run-grant": 7_200, mcp: MCP_TOKEN_SECONDS };

/** `act.sub` and `client_id` of the API when it acts for a user (RFC 8693, section 4.1). */
export const API_CLIENT_ID = "api";

/** RFC 8693 identifiers used at the exchange endpoint (`POST /oauth2/token`, form encoded, client_secret_basic). */
export const TOKEN_EXCHANGE = {
  grantType: "urn:ietf:params:oauth:grant-type:token-exchange",
  accessToken: "urn:ietf:params:oauth:token-type:access_token",
  runGrant: "urn:taskassistant:params:oauth:token-type:run-grant",
} as const;

/** User ids are Better Auth's text ids. */
export const userIdSchema = z.string().regex(/^[A-Za-z0-9]{32}$/, "a user id has 32 letters and digits");

const common = {
  iss: z.string(),
  aud: z.string(),
  sub: userIdSchema,
  /** The Better Auth session the token was made from; signing out ends it. */
  sid: z.string().min(1),
  iat: z.int(),
  exp: z.int(),
  jti: z.string().min(1),
};

/** Claims of the API token. */
export const apiClaimsSchema = z.object({ ...common, client_id: z.string(), scope: z.string() });
export type ApiClaims = z.infer<typeof apiClaimsSchema>;

/** Claims of the run grant. */
export const runGrantClaimsSchema = z.object({ ...common, run_id: z.string().min(1), scope: z.string() });
export type RunGrantClaims = z.infer<typeof runGrantClaimsSchema>;

/** Claims of the MCP token. `act.sub` names who acts for the user. */
export const mcpClaimsSchema = z.object({
  ...common,
  client_id: z.string(),
  scope: z.string(),
  act: z.object({ sub: z.string() }).optional(),
});
export type McpClaims = z.infer<typeof mcpClaimsSchema>;

/** The scopes in a space-separated `scope` claim (RFC 6749, section 3.3). */
export function scopesOf(claims: { scope: string }): ReadonlySet<string> {
  return new Set(claims.scope.split(" ").filter((scope) => scope !== ""));
}

/** The keyword that marks a tool argument as injected: removed before the model sees the schema, filled by the API. */
export const INJECTED = "x-injected";

/**
 * In the `_meta` of a call to the MCP server: the idempotency key of a change, which the server then makes once. Only a client
 * that acts for a user may send one.
 */
export const IDEMPOTENCY_KEY = "taskassistant.dev/idempotency-key";
/** In the `_meta` of a result: the change had been made before with the same key. */
export const REPLAYED = "taskassistant.dev/replayed";
