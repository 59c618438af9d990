import { countField, databaseFields, listField, portField, serviceFields, urlField } from "@taskassistant/kit/process";
import { z } from "zod";
import { isAddressRange } from "./http/client-address.ts";

/** Whether a text is a whole origin as browsers send it: scheme, host in lower case and a port that is not the usual one. */
const isOrigin = (text: string) =>
  /^https?:\/\/[^*?]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;

/** The environment of the frontend, read when the server starts and never when it is built. */
export const envSchema = z
  .object({
    ...serviceFields(3000),
    EXCHANGE_PORT: portField(3001).describe("Port of POST /oauth2/token, for the API only. Never routed from outside."),
    ...databaseFields,
    DATABASE_POOL_SIZE: countField(10, { min: 2, max: 500 }).describe(
      "Most connections to PostgreSQL of one replica; at least 2.",
    ),
    BETTER_AUTH_URL: urlField()
      .refine(isOrigin, { error: "has a path; give the origin only, such as https://tasks.example.com" })
      .describe("Public URL of the assistant, as typed into the browser. It is the issuer of every token."),
    BETTER_AUTH_SECRET: z
      .string()
      .min(32, "is shorter than 32 characters; make one with: openssl rand -base64 32")
      .describe("Signs session cookies and encrypts the signing keys in the database."),
    API_URL: urlField().describe("Where the API answers inside the cluster."),
    EXCHANGE_CLIENT_SECRET: z
      .string()
      .min(16, "is shorter than 16 characters")
      .describe("The API's client secret at the exchange endpoint."),
    SIGN_UP: z
      .enum(["Open", "Closed"], { error: "is neither Open nor Closed" })
      .default("Closed")
      .describe("Whether anybody may create an account."),
    // Better Auth would take `https://*` for a pattern that everybody matches.
    TRUSTED_ORIGINS: listField()
      .refine((list) => list.every(isOrigin), {
        error: "is not a list of origins, such as https://tasks.example.org; no path, no wildcard",
      })
      .describe("Further origins, comma separated, from which browsers may sign in and change things."),
    TRUSTED_PROXIES: listField()
      .refine((list) => list.every(isAddressRange), {
        error: "is not a list of IP addresses and CIDR ranges, such as 10.0.0.0/8",
      })
      .describe(
        "Addresses or CIDR ranges, comma separated, of the proxies in front. X-Forwarded-For counts only when one of them " +
          "sends it: the client's address is then the last one that is not theirs. It limits sign-in attempts; without it " +
          "everybody behind a proxy shares the limit of one address.",
      ),
    JWT_EXPIRES_IN_SECONDS: countField(300, { min: 60, max: 3600 }).describe("Life of an API token."),
    RUN_GRANT_EXPIRES_IN_SECONDS: countField(330, { min: 30, max: 7200 }).describe(
      "Life of a run grant: a little longer than a turn of the agent may take.",
    ),
    INITIAL_USER_EMAIL: z
      .email("is not an e-mail address")
      .optional()
      .describe("A user created once, when there is no user at all."),
    INITIAL_USER_PASSWORD: z
      .string()
      .min(8, "is shorter than 8 characters")
      .max(128, "is longer than 128 characters")
      .optional()
      .describe("Password of the initial user."),
    INITIAL_USER_NAME: z
      .string()
      .max(100)
      .optional()
      .describe("Name of the initial user; default: the e-mail's first part."),
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
