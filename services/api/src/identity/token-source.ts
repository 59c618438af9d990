import type { ExchangeClient, ExpiringToken } from "./exchange-client.ts";

/** Hands out the bearer token for the MCP server. */
export interface TokenSource {
  /** A token that stays valid for at least 10 s. Throws what the exchange throws. */
  token(): Promise<string>;
  /** Forgets the token, because the server refused it. */
  invalidate(): void;
}

/** How long before its end a token is replaced, so that it is still valid when the request arrives. */
const MARGIN_MS = 10_000;

/**
 * The MCP tokens of one run. Each is kept until 10 s before it expires and then replaced with the run grant; at that moment
 * the frontend checks the session again. Concurrent callers share one exchange.
 */
export function createTokenSource(deps: {
  exchange: ExchangeClient;
  runGrant: string;
  signal: AbortSignal;
  now?: () => number;
}): TokenSource {
  const { exchange, runGrant, signal, now = Date.now } = deps;
  let held: ExpiringToken | undefined;
  let running: Promise<ExpiringToken> | undefined;

  const renew = (): Promise<ExpiringToken> => {
    running ??= exchange.mcpToken(runGrant, signal).finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    token: async () => {
      if (held === undefined || held.expiresAt - MARGIN_MS <= now()) held = await renew();
      return held.token;
    },
    invalidate: () => {
      held = undefined;
    },
  };
}
