import { PASSWORD_MAX, PASSWORD_MIN } from "@taskassistant/contracts/limits";
import type { Logger } from "@taskassistant/kit/process";
import { betterAuth } from "better-auth";
import { isAPIError } from "better-auth/api";
import { type JwtOptions, jwt } from "better-auth/plugins/jwt";
import { PostgresDialect } from "kysely";
import type { Pool } from "pg";
import { createAccount } from "../account/account.ts";
import { accountPlugin } from "../account/account-plugin.ts";
import { createOwnSessions } from "../account/own-sessions.ts";
import type { Env } from "../env.ts";
import type { RecordAdministration } from "../people/audit.ts";
import type { Links } from "../people/links.ts";
import { LINK_LIMITS, linksPlugin } from "../people/links-plugin.ts";
import { PERSON_FIELDS } from "../people/person-fields.ts";
import { sessionHooks } from "../people/session-hooks.ts";
import type { LinkUses } from "../people/use-link.ts";
import { createAccountLimit } from "./account-limit.ts";
import { beforeRequests } from "./before.ts";
import type { PasswordPolicy } from "./password-policy.ts";
import { signingKeysPlugin } from "./signing-keys-plugin.ts";

const DAY_SECONDS = 86_400;

/**
 * Better Auth with email and password, sessions in PostgreSQL (schema `auth`) and a key set at `/api/auth/jwks`. It
 * issues no tokens itself (see `tokens/`). `auth/routes.ts` decides which of its routes can be reached over HTTP.
 */
export function createAuth(deps: {
  env: Env;
  pool: Pool;
  passwords: PasswordPolicy;
  links: Links;
  linkUses: LinkUses;
  record: RecordAdministration;
  log: Logger;
}) {
  const { env, pool, passwords, links, linkUses, record, log } = deps;
  const jwtOptions: JwtOptions = {
    disableSettingJwtHeader: true,
    jwks: { keyPairConfig: { alg: "EdDSA", crv: "Ed25519" } },
    // By default, a token would carry the user's whole row.
    jwt: { issuer: env.BETTER_AUTH_URL, audience: env.BETTER_AUTH_URL, definePayload: () => ({}) },
  };
  const limit = createAccountLimit(pool);
  const account = { account: createAccount(pool), sessions: createOwnSessions(pool), passwords, limit, record, log };
  return betterAuth({
    appName: "TaskAssistant",
    baseURL: env.BETTER_AUTH_URL,
    basePath: "/api/auth",
    secret: env.BETTER_AUTH_SECRET,
    database: { dialect: new PostgresDialect({ pool }), type: "postgres", schemaName: "auth", transaction: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: env.SIGN_UP === "Closed",
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
    },
    user: { additionalFields: PERSON_FIELDS },
    databaseHooks: { session: sessionHooks(pool) },
    // No cookie cache, so that signing out takes effect at once.
    session: { expiresIn: 30 * DAY_SECONDS, updateAge: DAY_SECONDS, cookieCache: { enabled: false } },
    trustedOrigins: env.TRUSTED_ORIGINS,
    plugins: [
      jwt(jwtOptions),
      signingKeysPlugin(jwtOptions),
      accountPlugin(account),
      linksPlugin({ links, uses: linkUses, passwords, record }),
    ],
    disabledPaths: ["/token"],
    hooks: { before: beforeRequests({ limit, passwords }) },
    rateLimit: {
      enabled: true,
      storage: "database",
      window: 60,
      max: 100,
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/sign-up/email": { window: 60, max: 20 },
        ...LINK_LIMITS,
        "/sign-out": false,
        "/get-session": false,
        "/jwks": false,
      },
    },
    advanced: {
      cookiePrefix: cookiePrefix(env.BETTER_AUTH_URL),
      // Better Auth would use the prefix `__Secure-`, which a sibling domain can set too. See `cookiePrefix`.
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isHttps(env.BETTER_AUTH_URL) },
      // Explicit, because Better Auth turns both checks off in tests.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      // `http/client-address.ts` has removed forged addresses by then.
      ipAddress: {
        ipAddressHeaders: ["x-forwarded-for"],
        ...(env.TRUSTED_PROXIES.length > 0 ? { trustedProxies: env.TRUSTED_PROXIES } : {}),
      },
      // The migration Job owns the schema, and readiness checks its version.
      database: { validateSchema: false },
    },
    telemetry: { enabled: false },
    onAPIError: {
      // A refusal, such as a wrong password or a foreign origin, is no failure. The access log has its status.
      onError: (error) => {
        if (isAPIError(error) && error.statusCode < 500) return;
        log.error({ err: error, component: "better-auth" }, "request failed");
      },
    },
    logger: {
      level: "warn",
      disableColors: true,
      log: (level, message, ...details) => {
        const error = details.find((detail) => detail instanceof Error);
        // Its own errors quote what strangers send. A failure of ours reaches `onError`.
        const ours = level === "error" ? "warn" : level;
        log[ours]({ ...(error === undefined ? {} : { err: error }), component: "better-auth" }, message);
      },
    },
  });
}

/** Better Auth as this server configures it. */
export type Auth = ReturnType<typeof createAuth>;

/**
 * The prefix of our cookie names. It contains the port, because browsers share cookies between the ports of a host and two
 * assistants on localhost would sign each other out. With https, `__Host-` makes browsers accept the cookies only from
 * this exact host over an encrypted connection (RFC 6265bis, section 4.1.3.2), so that no other host of the domain can
 * sign a person in here.
 */
function cookiePrefix(publicUrl: string): string {
  const { port } = new URL(publicUrl);
  const name = port === "" ? "taskassistant" : `taskassistant-${port}`;
  return isHttps(publicUrl) ? `__Host-${name}` : name;
}

function isHttps(url: string): boolean {
  return url.startsWith("https://");
}
