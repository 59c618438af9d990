import { randomBytes } from "node:crypto";
import pg from "pg";
import { migrate } from "../migrate/migrate.ts";
import { roleNames } from "../roles.ts";
import { type Postgres, startPostgres } from "./postgres.ts";

/** A migrated database with roles of its own. */
export interface TestDatabase {
  /** The server's superuser, on this database. Passes row-level security. */
  adminUrl: string;
  authUrl: string;
  appUrl: string;
  maintenanceUrl: string;
  instanceId: string;
  authSecret: string;
  passwords: { auth: string; app: string; maintenance: string };
  /** Adds a row to `auth."user"` and returns its id. */
  createUser(name: string): Promise<string>;
  /** Ends all connections and removes database and roles. */
  drop(): Promise<void>;
}

const quiet = { info: () => {}, warn: () => {}, error: () => {} };

/**
 * Creates a database on the given server, which stays, or on the shared server of the test run (see `startPostgres`), or else on
 * a server of its own.
 */
export async function createTestDatabase(on?: Pick<Postgres, "adminUrl">): Promise<TestDatabase> {
  const server = on === undefined ? await startPostgres() : { adminUrl: on.adminUrl, stop: async () => {} };
  const instanceId = randomBytes(4).toString("hex");
  const name = `ta_test_${instanceId}`;
  await runSql(server.adminUrl, `create database ${name}`);
  const adminUrl = withParts(server.adminUrl, { database: name });
  const roles = roleNames(instanceId);
  const password = () => randomBytes(12).toString("hex");
  const passwords = { auth: password(), app: password(), maintenance: password() };
  const authSecret = randomBytes(24).toString("hex");
  await migrate({ adminUrl, ssl: { mode: "disable" }, instanceId, authSecret, passwords, log: quiet });
  const admin = new pg.Pool({ connectionString: adminUrl, max: 2, allowExitOnIdle: true });
  admin.on("error", () => {});
  return {
    adminUrl,
    authUrl: withParts(adminUrl, { user: roles.auth, password: passwords.auth }),
    appUrl: withParts(adminUrl, { user: roles.app, password: passwords.app }),
    maintenanceUrl: withParts(adminUrl, { user: roles.maintenance, password: passwords.maintenance }),
    instanceId,
    authSecret,
    passwords,
    createUser: async (userName) => {
      const id = randomBytes(16).toString("hex");
      const insert = `insert into auth."user" (id, name, email, "emailVerified") values ($1, $2, $3, true)`;
      await admin.query(insert, [id, userName, `${id}@example.test`]);
      return id;
    },
    drop: async () => {
      await admin.end();
      await connectionsGone(server.adminUrl, name);
      await runSql(server.adminUrl, `drop database ${name} with (force)`);
      await runSql(server.adminUrl, `drop role ${Object.values(roles).join(", ")}`);
      await server.stop();
    },
  };
}

/**
 * Waits up to 2 s for connections that are being closed. A client that is cut off would report an error after its test has
 * ended.
 */
async function connectionsGone(adminUrl: string, name: string): Promise<void> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const { rows } = await runSql(adminUrl, "select count(*)::int as open from pg_stat_activity where datname = $1", [
      name,
    ]);
    if (rows[0]?.open === 0) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** Runs one statement on a connection of its own. */
export async function runSql(url: string, text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}

/** The same URL with another database, user or port. */
export function withParts(
  url: string,
  parts: { database?: string; user?: string; password?: string; port?: number },
): string {
  const result = new URL(url);
  if (parts.database !== undefined) result.pathname = `/${parts.database}`;
  if (parts.user !== undefined) result.username = parts.user;
  if (parts.password !== undefined) result.password = parts.password;
  if (parts.port !== undefined) result.port = String(parts.port);
  return result.href;
}
