import { z } from "zod";

const wholeNumber = z.coerce.number({ error: "is not a number" }).int("is not a whole number");

/** A TCP port; 0 lets the system choose (tests). */
export const portField = (port: number) =>
  wholeNumber.min(0, "is not a port (0 to 65535)").max(65_535, "is not a port (0 to 65535)").default(port);

/** A whole number within bounds. */
export const countField = (fallback: number, bounds: { min: number; max: number }) =>
  wholeNumber
    .min(bounds.min, `is below the minimum, ${bounds.min}`)
    .max(bounds.max, `is above the maximum, ${bounds.max}`)
    .default(fallback);

/** An http(s) URL; a trailing slash is dropped, so that issuer and audiences compare exactly. */
export const urlField = () =>
  z
    .string()
    .refine(isHttpUrl, { error: "is not a URL that starts with http:// or https://" })
    .transform((url) => url.replace(/\/+$/, ""));

/** A comma-separated list; blanks around items and empty items are dropped. */
export const listField = () =>
  z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()])));

/** The least severe level that is logged. */
export const logLevelField = () =>
  z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], { error: "is not a log level" })
    .default("info")
    .describe("Least severe level that is logged.");

/** The variables every service has. Spread into the service's own schema. */
export const serviceFields = (port: number) => ({
  PORT: portField(port).describe("Port the service listens on."),
  HEALTH_PORT: portField(9090).describe("Port of /livez and /readyz. Never routed from outside."),
  LOG_LEVEL: logLevelField(),
  SHUTDOWN_GRACE_SECONDS: countField(20, { min: 1, max: 3600 }).describe(
    "Seconds from SIGTERM until the process ends at the latest. Keep it below the pod's terminationGracePeriodSeconds.",
  ),
});

/** The variables of a service with a database role of its own. */
export const databaseFields = {
  DATABASE_URL: z
    .string()
    .refine((url) => /^postgres(ql)?:\/\//.test(url), { error: "is not a URL that starts with postgres://" })
    .describe("PostgreSQL URL of the service's own role."),
  DATABASE_SSL_MODE: z
    .enum(["disable", "require", "verify-ca", "verify-full"], {
      error: "is none of disable, require, verify-ca, verify-full",
    })
    .default("disable")
    .describe("TLS to PostgreSQL, with libpq's meaning of the modes."),
  DATABASE_CA_FILE: z
    .string()
    .optional()
    .describe("File with the certificate authority PostgreSQL's certificate is checked against."),
  DATABASE_POOL_SIZE: countField(10, { min: 1, max: 500 }).describe(
    "Maximum number of connections to PostgreSQL from one replica. One user's requests get at most a quarter of them.",
  ),
};

/** The variables of a program that prepares or copies a whole database. It says itself what the id and the secret are for. */
export const instanceFields = {
  DATABASE_SSL_MODE: databaseFields.DATABASE_SSL_MODE,
  DATABASE_CA_FILE: databaseFields.DATABASE_CA_FILE,
  DATABASE_WAIT_SECONDS: countField(30, { min: 0, max: 600 }).describe(
    "Seconds to wait for a PostgreSQL that can't be reached yet.",
  ),
  INSTANCE_ID: z.string().regex(/^[0-9a-f]{8}$/, "is not 8 lower-case hexadecimal digits"),
  BETTER_AUTH_SECRET: z.string().min(32, "is shorter than 32 characters"),
};

function isHttpUrl(text: string): boolean {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** What one user may store, for every service that stores it. */
export const quotaFields = {
  MAX_TASKS_PER_USER: countField(10_000, { min: 0, max: 10_000_000 }).describe(
    "Maximum number of tasks of one user, those in the trash included; 0 switches the limit off. Set it equally for API and MCP server.",
  ),
  MAX_CONVERSATIONS_PER_USER: countField(1_000, { min: 0, max: 10_000_000 }).describe(
    "Maximum number of conversations of one user; 0 switches the limit off.",
  ),
  MAX_MEGABYTES_PER_USER: countField(50, { min: 0, max: 1_000_000 }).describe(
    "Maximum size of the texts of one user's tasks and conversations, in megabytes; 0 switches the limit off. Set it equally for API and MCP server.",
  ),
};

/** The limits in the form that the database takes. */
export function quotasOf(env: { [Name in keyof typeof quotaFields]: number }): {
  tasks?: number;
  conversations?: number;
  bytes?: number;
} {
  const limits = {
    tasks: env.MAX_TASKS_PER_USER,
    conversations: env.MAX_CONVERSATIONS_PER_USER,
    bytes: env.MAX_MEGABYTES_PER_USER * 1_000_000,
  };
  return Object.fromEntries(Object.entries(limits).filter(([, max]) => max > 0));
}
