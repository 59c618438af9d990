import { readFileSync } from "node:fs";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";

/** How the connection to PostgreSQL is protected, with libpq's meanings of `sslmode`. */
export type SslMode = "disable" | "require" | "verify-ca" | "verify-full";

/** TLS settings from `DATABASE_SSL_MODE` and `DATABASE_CA_FILE`. */
export interface SslOptions {
  mode: SslMode;
  /** PEM file with the authorities to trust; without it the system's. */
  caFile?: string | undefined;
}

/**
 * The `ssl` setting of a pg client for the given URL. `require` encrypts without looking at the certificate, unless a
 * CA file is given: then it checks like `verify-ca` (as libpq does). Throws when the CA file can't be read.
 */
export function sslConfig(url: string, { mode, caFile }: SslOptions): false | ConnectionOptions {
  if (mode === "disable") return false;
  if (mode === "require" && caFile === undefined) return { rejectUnauthorized: false };
  const ca = caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") };
  if (mode !== "verify-full") return { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
  // pg passes no server name for an IP address and Node.js would then compare with "localhost".
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, "$1");
  return { ...ca, rejectUnauthorized: true, checkServerIdentity: (_name, cert) => checkServerIdentity(host, cert) };
}
