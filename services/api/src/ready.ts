import type { Database } from "@taskassistant/db";
import { type JwksSource, TokenError } from "@taskassistant/kit";

/**
 * Readiness of the API: its database answers with a schema that suits, and the issuer's keys were fetched once. Never the
 * model: a provider's outage must not take the task list away.
 */
export function createReadiness(deps: { db: Database; jwks: JwksSource }): () => Promise<void> {
  let keysLoaded = false;
  return async () => {
    await deps.db.ready();
    if (keysLoaded) return;
    await deps.jwks.resolve("readiness").catch((error: unknown) => {
      // No such key, of course; but being told so means that the key set is here.
      if (!(error instanceof TokenError && error.reason === "unknown_key")) throw error;
    });
    keysLoaded = true;
  };
}
