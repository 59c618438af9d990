import { readFileSync } from "node:fs";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";

/** From the weakest to the strictest. */
const MODES = ["disable", "require", "verify-ca", "verify-full"] as const;

/** How the connection to PostgreSQL is protected, with libpq's meanings of `sslmode`. */
export type SslMode = (typeof MODES)[number];

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

/**
 * The URL without its TLS parameters, which pg would prefer to the settings, and the stricter of both modes. `allow` and
 * `prefer` demand nothing. Providers write `sslmode`, and some `ssl=true`. Throws RangeError when the URL names a file.
 */
export function mergeTls(url: string, ssl: SslOptions): { readonly url: string; readonly ssl: SslOptions } {
  const stripped = new URL(url);
  const { searchParams } = stripped;
  const parameters = [...searchParams.keys()].filter((name) => name.startsWith("ssl"));
  if (parameters.length === 0) return { url, ssl };
  const file = ["sslcert", "sslkey", "sslrootcert"].find(
    (name) => searchParams.has(name) && searchParams.get(name) !== "system",
  );
  if (file !== undefined) {
    throw new RangeError(`remove '${file}' from the database URL; DATABASE_CA_FILE names the authorities to trust`);
  }
  const wanted = MODES.find((mode) => mode === searchParams.get("sslmode"));
  const encrypted = searchParams.get("sslmode") === "no-verify" || /^(true|1)$/.test(searchParams.get("ssl") ?? "");
  for (const name of parameters) searchParams.delete(name);
  const modes = [ssl.mode, wanted ?? "disable", encrypted ? "require" : "disable"] as const;
  const mode = MODES.findLast((each) => modes.includes(each)) ?? ssl.mode;
  return { url: stripped.href, ssl: { ...ssl, mode } };
}
