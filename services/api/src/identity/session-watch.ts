import { type ExchangeClient, type ExpiringToken, SignedOutError } from "./exchange-client.ts";

/**
 * Asks every `everyMs` whether the session behind a run grant is alive, and calls `onEnded` once it is not: the person has
 * signed out, has ended the session from another device, or has deleted the account. Stops asking when the grant expires. An
 * exchange that gives no answer tells nothing. Returns the function that ends the watch.
 */
export function watchSession(deps: {
  exchange: Pick<ExchangeClient, "mcpToken">;
  runGrant: ExpiringToken;
  everyMs: number;
  signal: AbortSignal;
  onEnded: () => void;
}): () => void {
  const { exchange, runGrant, signal } = deps;
  let asking = false;

  const ask = async (): Promise<void> => {
    if (runGrant.expiresAt <= Date.now() + deps.everyMs) return stop();
    if (asking) return;
    asking = true;
    try {
      await exchange.mcpToken(runGrant.token, signal);
    } catch (error) {
      if (!(error instanceof SignedOutError) || signal.aborted) return;
      stop();
      deps.onEnded();
    } finally {
      asking = false;
    }
  };

  const timer = setInterval(() => void ask(), deps.everyMs);
  const stop = () => clearInterval(timer);
  return stop;
}
