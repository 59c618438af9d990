import { SIGN_UP, TOKEN_LIFE_MAX } from "@taskassistant/contracts";
import { PASSWORD_MAX, PASSWORD_MIN } from "@taskassistant/contracts/limits";
import { countField, databaseFields, listField, portField, serviceFields, urlField } from "@taskassistant/kit/process";
import { z } from "zod";
import { isAddressRange } from "./http/client-address.ts";

/** The environment of the frontend. It is read when the server starts, not when it is built. */
export const envSchema = z
  .object({
    ...serviceFields(3000),
    EXCHANGE_PORT: portField(3001).describe(
      "Port of POST /oauth2/token, which only the API uses. Never routed from outside.",
    ),
    ...databaseFields,
    DATABASE_POOL_SIZE: countField(10, { min: 2, max: 500 }).describe(
      "Maximum number of connections to PostgreSQL from one replica; at least 2.",
    ),
    BETTER_AUTH_URL: urlField()
      .refine(isOrigin, { error: "has a path; give the origin only, such as https://tasks.example.com" })
      .describe("Public URL of the assistant, as people open it in the browser. It is also the issuer of every token."),
    BETTER_AUTH_SECRET: z
      .string()
      .min(32, "is shorter than 32 characters; generate one with: openssl rand -base64 32")
      .describe("Signs session cookies and encrypts the signing keys in the database."),
    API_URL: urlField().describe("Address of the API inside the cluster, such as http://api:8000."),
    EXCHANGE_CLIENT_SECRET: z
      .string()
      .min(16, "is shorter than 16 characters")
      .describe("The API's credential at the token exchange."),
    SIGN_UP: z
      .enum(SIGN_UP, { error: "is neither Open nor Closed" })
      .default("Closed")
      .describe("Whether visitors may create an account."),
    // Better Auth would treat `https://*` as a pattern that every origin matches.
    TRUSTED_ORIGINS: listField()
      .refine((list) => list.every(isOrigin), {
        error: "is not a list of origins, such as https://tasks.example.org; no path, no wildcard",
      })
      .describe("Comma-separated list of other origins whose pages may sign in and make changes."),
    TRUSTED_PROXIES: listField()
      .refine((list) => list.every(isAddressRange), {
        error: "is not a list of IP addresses and CIDR ranges, such as 10.0.0.0/8",
      })
      .describe(
        "Comma-separated list of addresses and CIDR ranges of the proxies in front of the frontend. X-Forwarded-For is " +
          "used only if one of them sends it; the client's address is then the last one that is not a proxy's. Sign-in " +
          "attempts are limited per client address. Without this list, all clients behind a proxy share one limit.",
      ),
    JWT_EXPIRES_IN_SECONDS: countField(300, { min: 60, max: TOKEN_LIFE_MAX.api }).describe(
      "Lifetime of an API token, in seconds.",
    ),
    RUN_GRANT_EXPIRES_IN_SECONDS: countField(330, { min: 30, max: TOKEN_LIFE_MAX["run-grant"] }).describe(
      "Lifetime of a run grant, in seconds. Keep it a little longer than the maximum time for one question.",
    ),
    INITIAL_USER_EMAIL: z
      .email("is not an email address")
      .optional()
      .describe("Email address of the first user, who is created once, if there is no user yet."),
    INITIAL_USER_PASSWORD: z
      .string()
      .min(PASSWORD_MIN, `is shorter than ${PASSWORD_MIN} characters`)
      .max(PASSWORD_MAX, `is longer than ${PASSWORD_MAX} characters`)
      .optional()
      .describe(
        "Password of the first user. If it is easy to guess while there is no user yet, the frontend says so and stops.",
      ),
    INITIAL_USER_NAME: z
      .string()
      .max(100)
      .optional()
      .describe("Name of the first user; by default the part of the email address before the @."),
  })
  .superRefine((env, context) => {
    const pair = ["INITIAL_USER_EMAIL", "INITIAL_USER_PASSWORD"] as const;
    const missing = pair.filter((name) => env[name] === undefined);
    if (missing.length !== 1) return;
    for (const name of missing) {
      context.addIssue({ code: "custom", path: [name], message: `is missing; ${pair.join(" and ")} go together` });
    }
  });

export type Env = z.output<typeof envSchema>;

/** Whether a text is an origin exactly as browsers send it: scheme, lower-case host, and the port unless it is the default. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[^*?]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}
