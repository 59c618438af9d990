import type { ExternalAddress } from "../desired/index.ts";

/**
 * Host, port and database of a PostgreSQL connection URI. User and password stay where they are. Several hosts and
 * Unix sockets are refused: network policies and the services need one host.
 */
export function parseDatabaseUri(uri: string): ExternalAddress {
  const wanted = "write it as postgresql://user:password@host:5432/database";
  let url: URL;
  try {
    url = new URL(uri.trim());
  } catch {
    return { problem: `it is no URL; ${wanted}` };
  }
  if (url.protocol !== "postgresql:" && url.protocol !== "postgres:") {
    return { problem: `its scheme is ${url.protocol.slice(0, -1)}; ${wanted}` };
  }
  const database = decode(url.pathname.slice(1));
  if (url.hostname === "" || url.hostname.includes(",")) return { problem: `it names no single host; ${wanted}` };
  // The status could not hold it, and no name in DNS is longer.
  if (url.hostname.length > 253) return { problem: `its host is longer than 253 characters; ${wanted}` };
  if (url.username === "") return { problem: `it names no user; ${wanted}` };
  if (database === undefined || database === "") return { problem: `it names no database; ${wanted}` };
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
