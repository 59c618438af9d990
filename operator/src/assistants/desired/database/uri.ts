import type { ExternalAddress } from "./mode.ts";
import { TLS_MODES, type TlsMode } from "./tls-mode.ts";

const WANTED = "write it as postgresql://user:password@host:5432/database";
const ENCODED = "and write characters such as / ? # @ : % in user and password by their codes: %2F %3F %23 %40 %3A %25";

/**
 * Host, port and database of a PostgreSQL connection URI, and what it demands of the encryption. User and password are not
 * returned. Several hosts and Unix sockets are refused, because network policies and the services need one host.
 */
export function parseDatabaseUri(uri: string): ExternalAddress {
  let url: URL;
  try {
    url = new URL(uri.trim());
  } catch {
    return { problem: `it is not a URL; ${WANTED} ${ENCODED}` };
  }
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") {
    return { problem: `its scheme is ${url.protocol.slice(0, -1)}; ${WANTED}` };
  }
  const problem = problemOfHost(url.hostname) ?? problemOfQuery(url.searchParams);
  if (problem !== undefined) return { problem };
  const database = decode(url.pathname.slice(1));
  if (url.username === "") return { problem: `it does not name a user; ${WANTED} ${ENCODED}` };
  if (database === undefined || database === "") return { problem: `it does not name a database; ${WANTED}` };
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  const sslMode = tlsMode(url.searchParams);
  return {
    endpoint: { host, port: Number(url.port || 5432), database, ...(sslMode === undefined ? {} : { sslMode }) },
  };
}

function problemOfHost(hostname: string): string | undefined {
  if (hostname === "" || hostname.includes(",")) return `it does not name exactly one host; ${WANTED}`;
  // No DNS name is longer, and the status could not store one.
  if (hostname.length > 253) return `its host is longer than 253 characters; ${WANTED}`;
  if (/^%2f/i.test(hostname)) return `its host is a Unix socket, which pods can't reach; ${WANTED}`;
  return undefined;
}

/** Parameters that pg prefers to the parts of the URL. */
const PARTS = ["host", "hostaddr", "port", "user", "password", "dbname"];
const FILES = ["sslcert", "sslkey"];

function problemOfQuery(query: URLSearchParams): string | undefined {
  const part = PARTS.find((name) => query.has(name));
  if (part !== undefined) return `it has the parameter ${part}; ${WANTED}`;
  const file = FILES.find((name) => query.has(name));
  if (file !== undefined) return `it names a client certificate (${file}), which is not supported; use a password`;
  const authority = query.get("sslrootcert");
  if (authority !== null && authority !== "system") {
    return "it names a file in sslrootcert; put the certificates into a Secret and name it in database.external.caBundleRef";
  }
  const mode = query.get("sslmode");
  if (mode !== null && ![...TLS_MODES, ...LENIENT, NO_VERIFY].includes(mode)) {
    return `its sslmode is none of ${TLS_MODES.join(", ")}; correct it, or remove it and set database.external.sslMode`;
  }
  return undefined;
}

/** Modes that are content without encryption. */
const LENIENT = ["allow", "prefer"];
/** What Node.js programs write for `require`. */
const NO_VERIFY = "no-verify";

function tlsMode(query: URLSearchParams): TlsMode | undefined {
  const written = query.get("sslmode");
  const mode = TLS_MODES.find((each) => each === written);
  if (mode !== undefined) return mode;
  return written === NO_VERIFY || /^(true|1)$/.test(query.get("ssl") ?? "") ? "require" : undefined;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
