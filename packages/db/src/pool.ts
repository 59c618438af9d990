import pg from "pg";
import { mergeTls, type SslOptions, sslConfig } from "./ssl.ts";

/** The part of a logger this package uses (pino fits). */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** How to reach PostgreSQL. */
export interface ConnectionConfig {
  /** `postgres://user:password@host:port/database`. */
  url: string;
  /** Of this and an `sslmode` of the URL, the stricter counts. */
  ssl: SslOptions;
  /** Shown in `pg_stat_activity`. */
  applicationName: string;
  log: Log;
}

/** How to reach PostgreSQL, and the maximum number of connections. */
export interface PoolConfig extends ConnectionConfig {
  poolSize: number;
}

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/**
 * A connection pool that survives a lost server: connecting takes at most 5 s, a statement at most 10 s (on the server;
 * 15 s on our side for a server that stopped answering), and an error on an idle connection is logged, not thrown.
 * With `pipeline`, queries on one connection are sent without waiting for the answers to earlier ones.
 * Throws RangeError when the URL names a file with certificates.
 */
export function createPool(config: PoolConfig, options: { pipeline?: boolean } = {}): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(config),
    max: config.poolSize,
    pipeline: options.pipeline ?? false,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 5_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  // Node.js ends the process when the server closes a connection without an error listener. The pool listens to idle
  // connections. A busy one needs a listener of its own, and its queries report the loss.
  pool.on("error", (error) => config.log.warn({ err: error }, "lost an idle database connection"));
  pool.on("connect", (client) => void client.on("error", () => {}));
  return pool;
}

/** The settings every connection shares. */
export function clientConfig({ url, ssl, applicationName }: Omit<ConnectionConfig, "log">): pg.ClientConfig {
  const merged = mergeTls(url, ssl);
  return {
    connectionString: merged.url,
    ssl: sslConfig(merged.url, merged.ssl),
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types: { getTypeParser },
  };
}

const textOfDate = (value: string) => value;

/** Calendar dates stay `YYYY-MM-DD`: pg would make them instants in the process's time zone. */
function getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
  if (oid === pg.types.builtins.DATE && format !== "binary") return textOfDate;
  return pg.types.getTypeParser(oid, format as "text");
}
