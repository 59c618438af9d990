import { createPool, schemaReady } from "@taskassistant/db";
import { createLogger } from "@taskassistant/kit/process";
import { createAuth } from "./auth/auth.ts";
import { ensureInitialUser } from "./auth/initial-user.ts";
import { createPasswordPolicy } from "./auth/password-policy.ts";
import { createAuthRoutes } from "./auth/routes.ts";
import type { Env } from "./env.ts";
import { createExchangeApp } from "./exchange/app.ts";
import { createConfigRoute } from "./http/config.ts";
import { handled } from "./http/handled.ts";
import { createKeys } from "./keys/keys.ts";
import { createAdministration } from "./people/administration.ts";
import { createRecord } from "./people/audit.ts";
import { createLinks } from "./people/links.ts";
import { createPeople } from "./people/people.ts";
import { createRequestLimit } from "./people/request-limit.ts";
import { createLinkUses } from "./people/use-link.ts";
import { createApiProxy } from "./proxy/api-proxy.ts";
import { createPageHeaders } from "./security/page-headers.ts";
import { readScriptHashes } from "./security/script-hashes.ts";
import { createSessions } from "./sessions/sessions.ts";
import { createApiTokens } from "./tokens/api-tokens.ts";
import { createMint } from "./tokens/mint.ts";
import { createScriptTokenRoute } from "./tokens/script-token.ts";

/** Relative to the folder that Next.js runs in, both in the repository and in the image. */
const BUILD_FOLDER = ".next";

/** The composition root of the server: builds what the route handlers and the exchange listener serve. */
export function createFrontend(env: Env) {
  const log = createLogger({ name: "frontend", level: env.LOG_LEVEL });
  const pool = createPool({
    url: env.DATABASE_URL,
    ssl: { mode: env.DATABASE_SSL_MODE, caFile: env.DATABASE_CA_FILE },
    poolSize: env.DATABASE_POOL_SIZE,
    applicationName: "taskassistant-frontend",
    log,
  });
  const issuer = env.BETTER_AUTH_URL;
  const passwords = createPasswordPolicy();
  const people = createPeople(pool);
  const links = createLinks({ pool, publicUrl: issuer });
  const record = createRecord(pool, log);
  const auth = createAuth({ env, pool, passwords, links, linkUses: createLinkUses(pool), record, log });
  const sessions = createSessions({ auth, pool, log });
  const keys = createKeys({ auth, pool });
  const mint = createMint({ keys, issuer });
  const apiTokens = createApiTokens({ mint, sessions, lifeSeconds: env.JWT_EXPIRES_IN_SECONDS });
  const origins = [issuer, ...env.TRUSTED_ORIGINS];
  let unprepared: Error | undefined = new Error("starting");

  return {
    env,
    auth,
    log,
    routes: {
      auth: handled(log, createAuthRoutes({ auth, signUpOpen: env.SIGN_UP === "Open" })),
      token: handled(log, createScriptTokenRoute({ sessions, apiTokens, log })),
      people: handled(
        log,
        createAdministration({ people, links, sessions, origins, withinLimit: createRequestLimit(pool), record }),
      ),
      config: handled(log, createConfigRoute({ signUp: env.SIGN_UP })),
      api: handled(log, createApiProxy({ apiUrl: env.API_URL, origins, sessions, apiTokens, log })),
    },
    pageHeaders: createPageHeaders({
      hashes: readScriptHashes(BUILD_FOLDER),
      publicUrl: issuer,
      development: process.env.NODE_ENV === "development",
    }),
    exchange: createExchangeApp({
      issuer,
      keys,
      sessions,
      mint,
      runGrantSeconds: env.RUN_GRANT_EXPIRES_IN_SECONDS,
      clientSecret: env.EXCHANGE_CLIENT_SECRET,
      log,
    }),
    /** Creates what must exist before the first request: a signing key and, if configured, the first user. Safe to repeat. */
    prepare: async (): Promise<void> => {
      try {
        await schemaReady(pool, "auth");
        await keys.prepare();
        await ensureInitialUser({ env, auth, pool, passwords, log });
        unprepared = undefined;
      } catch (error) {
        unprepared = error instanceof Error ? error : new Error(String(error));
        throw error;
      }
    },
    /** For `/readyz`. Throws an error that says what is missing. */
    ready: async (): Promise<void> => {
      if (unprepared !== undefined) throw unprepared;
      await schemaReady(pool, "auth");
    },
    close: (): Promise<void> => pool.end(),
  };
}

/** The server side of the frontend. */
export type Frontend = ReturnType<typeof createFrontend>;
