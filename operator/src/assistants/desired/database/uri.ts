import type { ExternalAddress } from "../desired/index.ts";

/**
 * Host, port and database of a PostgreSQL connection URI. User and password are not returned. Several hosts and Unix
 * sockets are refused, because network policies and the services need one host.
 */
export function parseDatabaseUri(uri: string): ExternalAddress {
  const wanted = "write it as postgresql://user:password@host:5432/database";
  let url: URL;
  try {
    url = new URL(uri.trim());
  } catch {
    return { problem: `it is not a URL; ${wanted}` };
  }
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") {
    return { problem: `its scheme is ${url.protocol.slice(0, -1)}; ${wanted}` };
  }
  const database = decode(url.pathname.slice(1));
  if (url.hostname === "" || url.hostname.includes(","))
    return { problem: `it does not name exactly one host; ${wanted}` };
  // No DNS name is longer, and the status could not store one.
  if (url.hostname.length > 253) return { problem: `its host is longer than 253 characters; ${wanted}` };
  if (url.username === "") return { problem: `it does not name a user; ${wanted}` };
  if (database === undefined || database === "") return { problem: `it does not name a database; ${wanted}` };
  const host = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  return { endpoint: { host, port: Number(url.port || 5432), database } };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
