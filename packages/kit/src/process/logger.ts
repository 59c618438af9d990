import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";
import { plainJson } from "../failures/plain-text.ts";
import { type Output, standardOutput } from "./output.ts";
import { withoutSecrets } from "./without-secrets.ts";

export type { Logger } from "pino";

const KEY = Symbol.for("taskassistant.output");
const shared = globalThis as typeof globalThis & { [KEY]?: Output };

/** Fields that never reach a log line, at the top and one and two levels deep. */
const SECRET_FIELDS = [
  "authorization",
  "cookie",
  '["set-cookie"]',
  "token",
  "access_token",
  "accessToken",
  "subject_token",
  "password",
  "secret",
  "apiKey",
];

/**
 * A JSON logger (pino) that writes one line per event to standard output: `time` in RFC 3339, `level` as a word, `service`.
 * Secret fields are redacted by name; anything that looks like a JWT or a database password is removed from the
 * finished line, error messages and stacks included.
 */
export function createLogger(options: { name: string; level?: string; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level ?? "info",
    base: { service: options.name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => {
        const nested = field.startsWith("[") ? field : `.${field}`;
        return [field, `*${nested}`, `*.*${nested}`];
      }),
      censor: "[redacted]",
    },
    hooks: { streamWrite: (line: string) => plainJson(withoutSecrets(line)) },
  };
  return pino(settings, options.destination ?? sharedOutput());
}

/** One for all loggers of the process, because their lines must not mix. Next.js loads this module several times. */
function sharedOutput(): Output {
  shared[KEY] ??= standardOutput();
  return shared[KEY];
}
