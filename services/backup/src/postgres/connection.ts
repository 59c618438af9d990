import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { clientConfig, mergeTls, type SslOptions } from "@taskassistant/db";
import { errorText } from "@taskassistant/kit/failures";
import pg from "pg";
import { BackupError } from "../backup-error.ts";

/** How to reach the database, as the migration program takes it. */
export interface Connection {
  /** URL of a superuser, or of a role with CREATEROLE. */
  readonly adminUrl: string;
  readonly ssl: SslOptions;
}

const SYSTEM_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt";

/** Server and database for people, without credentials. */
export function targetOf({ adminUrl }: Connection): string {
  const { hostname, port, pathname } = new URL(adminUrl);
  return `${hostname}:${port || 5432}${decodeURIComponent(pathname)}`;
}

/** The same server, another database. */
export function onDatabase(connection: Connection, database: string): Connection {
  const url = new URL(connection.adminUrl);
  url.pathname = `/${encodeURIComponent(database)}`;
  return { ...connection, adminUrl: url.href };
}

/** The variables by which libpq's programs find the database. Arguments would show the password to the whole machine. */
export function libpqEnvironment({ adminUrl, ssl }: Connection): Record<string, string> {
  const merged = mergeTls(adminUrl, ssl);
  const url = new URL(merged.url);
  const part = (text: string) => decodeURIComponent(text);
  const { mode, caFile } = merged.ssl;
  const authorities = caFile ?? (existsSync(SYSTEM_AUTHORITIES) ? SYSTEM_AUTHORITIES : undefined);
  const checks = mode === "verify-ca" || mode === "verify-full" || (mode === "require" && caFile !== undefined);
  return {
    PGHOST: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    PGPORT: url.port || "5432",
    PGUSER: part(url.username),
    PGDATABASE: part(url.pathname.slice(1)),
    ...(url.password === "" ? {} : { PGPASSWORD: part(url.password) }),
    PGSSLMODE: mode,
    ...(checks && authorities !== undefined ? { PGSSLROOTCERT: authorities } : {}),
    PGCONNECT_TIMEOUT: "10",
    PGAPPNAME: "taskassistant-backup",
    ...(url.searchParams.has("options") ? { PGOPTIONS: url.searchParams.get("options") ?? "" } : {}),
  };
}

/** Connects, and waits so many seconds for a server that can't be reached yet. No statement has a time limit. */
export async function connect(connection: Connection, waitSeconds: number): Promise<pg.Client> {
  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    const config = clientConfig({
      url: connection.adminUrl,
      ssl: connection.ssl,
      applicationName: "taskassistant-backup",
    });
    const client = new pg.Client(config);
    // The query that runs reports the loss as well.
    client.on("error", () => {});
    try {
      await client.connect();
      await client.query("set statement_timeout = 0; set idle_in_transaction_session_timeout = 0");
      return client;
    } catch (error) {
      await client.end().catch(() => {});
      const known = toBackupError(error, connection);
      if (known.reason !== "DatabaseUnreachable" || Date.now() >= deadline) throw known;
      await sleep(500);
    }
  }
}

/** Sorts what PostgreSQL or the network threw. `otherwise` is the reason of what is nothing of these. */
export function toBackupError(
  error: unknown,
  connection: Connection,
  otherwise: "DumpFailed" | "RestoreFailed" = "DumpFailed",
): BackupError {
  if (error instanceof BackupError) return error;
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
  return errorOfCode(code, errorText(error) || code, connection, otherwise, error);
}

/** The same for a SQLSTATE and its text, such as psql prints them. */
export function errorOfCode(
  code: string,
  text: string,
  connection: Connection,
  otherwise: "DumpFailed" | "RestoreFailed",
  cause?: unknown,
): BackupError {
  const target = targetOf(connection);
  const make = (reason: BackupError["reason"], message: string) => new BackupError(reason, message, { cause });
  if (
    code === "28P01" ||
    code === "28000" ||
    /password must be a|no password supplied|password authentication/.test(text)
  ) {
    return make(
      "AuthenticationFailed",
      `PostgreSQL at ${target} refused the sign-in: ${text}. Check user and password of the database admin.`,
    );
  }
  if (code === "42501") {
    return make(
      "PermissionDenied",
      `PostgreSQL at ${target} refused a step: ${text}. The database admin must be a superuser, or own the database and have CREATEROLE.`,
    );
  }
  if (code === "53100" || /No space left on device/.test(text)) {
    return make(
      "DatabaseFull",
      `the disk of PostgreSQL at ${target} is full: ${text}. While it restores, it holds the old data and the new. Enlarge its volume, then try again.`,
    );
  }
  if (code === "55P03") {
    return make(
      "DatabaseInUse",
      `the database ${target} is in use: ${text}. Stop the services and what else is connected to it, then try again.`,
    );
  }
  if (isConnectionError(code, text)) {
    return make(
      "DatabaseUnreachable",
      `PostgreSQL at ${target} can't be reached: ${text}. Check host, port, network rules and the SSL mode.`,
    );
  }
  return make(otherwise, `PostgreSQL at ${target} failed: ${text}`);
}

/** SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown, starting), no such database; codes of network and TLS. */
function isConnectionError(code: string, text: string): boolean {
  if (/^(08...|53...|57P..|3D000)$/.test(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code) && /[0-9]/.test(code)) return false;
  if (/^(E[A-Z_]+|.*CERT.*|.*SIGNATURE.*|.*SELF_SIGNED.*)$/.test(code)) return true;
  return /timeout|terminated|SSL|could not (connect|translate)|connection to server|server closed the connection/i.test(
    text,
  );
}
