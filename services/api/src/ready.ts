import type { Database } from "@taskassistant/db";
import { type JwksSource, TokenError } from "@taskassistant/kit/jwt";

/**
 * Readiness of the API: its database answers with a suitable schema, and the issuer's keys have been loaded once. The model
 * does not count, since the task list must stay available while a provider is down.
 */
export function createReadiness(deps: { db: Database; jwks: JwksSource }): () => Promise<void> {
  let keysLoaded = false;
  return async () => {
    await deps.db.ready();
    if (keysLoaded) return;
    await deps.jwks.resolve("readiness").catch((error: unknown) => {
      // There is no such key, but this answer means that the key set has been loaded.
      if (!(error instanceof TokenError && error.reason === "unknown_key")) throw error;
    });
    keysLoaded = true;
  };
}
