import { TOKEN_EXCHANGE, TOKEN_MAX } from "@taskassistant/contracts";
import { z } from "zod";
import { OAuthError } from "./oauth-error.ts";

const subjectToken = z.string().min(1).max(TOKEN_MAX);

const runGrantRequestSchema = z.object({
  subject_token_type: z.literal(TOKEN_EXCHANGE.accessToken),
  subject_token: subjectToken,
  requested_token_type: z.literal(TOKEN_EXCHANGE.runGrant),
  run_id: z.string().regex(/^[\w.:-]{1,128}$/),
});
/** Asks for a run grant in exchange for an API token. */
export type RunGrantRequest = z.output<typeof runGrantRequestSchema>;

const mcpTokenRequestSchema = z.object({
  subject_token_type: z.literal(TOKEN_EXCHANGE.runGrant),
  subject_token: subjectToken,
  requested_token_type: z.literal(TOKEN_EXCHANGE.accessToken).optional(),
  audience: z.string().max(2_048),
  scope: z.string().max(500).optional(),
});
/** Asks for an MCP token in exchange for a run grant. */
export type McpTokenRequest = z.output<typeof mcpTokenRequestSchema>;

const requestSchema = z.discriminatedUnion("subject_token_type", [runGrantRequestSchema, mcpTokenRequestSchema]);

/** The two supported exchanges. */
export type ExchangeRequest = RunGrantRequest | McpTokenRequest;

/** Reads the form of a token request (RFC 8693, section 2.1). Throws `OAuthError`. */
export function parseExchange(contentType: string | undefined, body: string): ExchangeRequest {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? "")) {
    throw new OAuthError("invalid_request", "the body must be application/x-www-form-urlencoded");
  }
  const form = new URLSearchParams(body);
  for (const name of form.keys()) {
    if (form.getAll(name).length > 1) throw new OAuthError("invalid_request", "a parameter is given twice");
  }
  const values = Object.fromEntries([...form].filter(([, value]) => value !== ""));
  if (values.grant_type === undefined) throw new OAuthError("invalid_request", "grant_type is missing");
  if (values.grant_type !== TOKEN_EXCHANGE.grantType) {
    throw new OAuthError("unsupported_grant_type", `grant_type must be ${TOKEN_EXCHANGE.grantType}`);
  }
  const parsed = requestSchema.safeParse(values);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map((issue) => issue.path.join(".") || "request");
  throw new OAuthError("invalid_request", `missing or not accepted: ${[...new Set(names)].join(", ")}`);
}
