import { API_CLIENT_ID, audienceOf, TOKEN_EXCHANGE } from "@taskassistant/contracts";
import { readText } from "@taskassistant/kit/fetch";
import { z } from "zod";

/** A token and when it expires, in milliseconds since the epoch. */
export interface ExpiringToken {
  readonly token: string;
  readonly expiresAt: number;
}

export interface ExchangeClient {
  /** Exchanges an API token for a run grant, which works only with the API's own credential and as long as a run may last. */
  runGrant(apiToken: string, runId: string, signal?: AbortSignal): Promise<ExpiringToken>;
  /** Exchanges a run grant for an MCP token (60 s). Fails as soon as the person's session has ended. */
  mcpToken(runGrant: string, signal?: AbortSignal): Promise<ExpiringToken>;
}

/** The session behind the token has ended (RFC 6749 `invalid_grant`). */
export class SignedOutError extends Error {
  override readonly name = "SignedOutError";

  constructor() {
    super("the session behind the token has ended");
  }
}

/** The exchange can't be reached, gives an unusable answer or refuses the API's own credential. */
export class ExchangeUnavailableError extends Error {
  override readonly name: string = "ExchangeUnavailableError";
}

const grantedSchema = z.object({
  access_token: z.string().min(1),
  issued_token_type: z.string(),
  expires_in: z.number().positive(),
});
const refusedSchema = z.object({ error: z.string() });

/** Maximum size of an answer, in bytes. */
const ANSWER_MAX = 64 * 1024;
/** Maximum wait for one answer unless another is given, in milliseconds. */
const TIMEOUT_MS = 5_000;
/** How often an exchange is tried; it changes nothing, so it can be repeated. */
const ATTEMPTS = 2;

/**
 * Client of the frontend's token exchange (RFC 8693, `client_secret_basic`).
 * Throws `SignedOutError`, `ExchangeUnavailableError`, or the abort reason of the signal.
 */
export function createExchangeClient(options: {
  url: string;
  clientSecret: string;
  issuer: string;
  timeoutMs?: number;
}): ExchangeClient {
  const authorization = `Basic ${Buffer.from(`${API_CLIENT_ID}:${encodeURIComponent(options.clientSecret)}`).toString("base64")}`;

  const post = async (form: Record<string, string>, signal: AbortSignal | undefined): Promise<ExpiringToken> => {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
    const response = await fetch(options.url, {
      method: "POST",
      headers: { authorization, accept: "application/json" },
      body: new URLSearchParams({ grant_type: TOKEN_EXCHANGE.grantType, ...form }),
      redirect: "error",
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const body: unknown = JSON.parse(await readText(response, ANSWER_MAX));
    if (!response.ok) throw refusal(response.status, body);
    const granted = grantedSchema.parse(body);
    return { token: granted.access_token, expiresAt: Date.now() + granted.expires_in * 1000 };
  };

  const exchange = async (form: Record<string, string>, signal: AbortSignal | undefined): Promise<ExpiringToken> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await post(form, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof SignedOutError || error instanceof ExchangeRefusedError) throw error;
        if (attempt >= ATTEMPTS)
          throw new ExchangeUnavailableError("the token exchange can't be reached", { cause: error });
      }
    }
  };

  return {
    runGrant: (apiToken, runId, signal) =>
      exchange(
        {
          subject_token: apiToken,
          subject_token_type: TOKEN_EXCHANGE.accessToken,
          requested_token_type: TOKEN_EXCHANGE.runGrant,
          run_id: runId,
        },
        signal,
      ),
    mcpToken: (runGrant, signal) =>
      exchange(
        {
          subject_token: runGrant,
          subject_token_type: TOKEN_EXCHANGE.runGrant,
          requested_token_type: TOKEN_EXCHANGE.accessToken,
          audience: audienceOf("mcp", options.issuer),
        },
        signal,
      ),
  };
}

/** A refusal that a repetition can't change. */
class ExchangeRefusedError extends ExchangeUnavailableError {}

function refusal(status: number, body: unknown): Error {
  const parsed = refusedSchema.safeParse(body);
  const code = parsed.success ? parsed.data.error : "unknown";
  if (status === 400 && code === "invalid_grant") return new SignedOutError();
  const message = `the token exchange answered ${status} ${code}`;
  return status < 500 && status !== 429 ? new ExchangeRefusedError(message) : new Error(message);
}
