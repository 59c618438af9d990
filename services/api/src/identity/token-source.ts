import type { ExchangeClient, ExpiringToken } from "./exchange-client.ts";

/** Hands out the bearer token for the MCP server. */
export type TokenSource = {
  /** A token that is valid for at least the margin. Throws what the exchange throws. */
  token(): Promise<string>;
  /** Forget the token: the server refused it. */
  invalidate(): void;
};

/** A token is not used in its last seconds, so that it is still valid when the request arrives. */
const MARGIN_MS = 10_000;

/**
 * The MCP tokens of one turn: kept until 10 s before they end, then exchanged again with the run grant, which is when the
 * frontend looks at the session again. Concurrent callers share one exchange.
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
