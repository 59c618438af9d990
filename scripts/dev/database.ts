import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type MigrateDeps, migrate, roleNames } from "@taskassistant/db";
import { startPostgres } from "@taskassistant/db/testing";
import pg from "pg";
import { dataElsewhere } from "./data-elsewhere.ts";
import type { Secrets } from "./secrets.ts";

export type DevDatabase = {
  /** URLs of the two roles the services use. */
  authUrl: string;
  appUrl: string;
  /** `DATABASE_SSL_MODE` and `DATABASE_CA_FILE` for the services. */
  tls: Record<string, string>;
  /** Description for the user. */
  label: string;
  stop(): Promise<void>;
};

type Deps = { cache: string; port: number; secrets: Secrets; log: MigrateDeps["log"]; env: NodeJS.ProcessEnv };

/**
 * Provides a migrated database. `DATABASE_ADMIN_URL` or `DATABASE_URL` selects an existing one, with a role that may
 * create roles. Otherwise it starts an embedded PostgreSQL whose data stays in this checkout's cache.
 */
export async function devDatabase(deps: Deps): Promise<DevDatabase> {
  const given = deps.env.DATABASE_ADMIN_URL || deps.env.DATABASE_URL;
  if (given) return migrated(deps, given, { label: hostOf(given), stop: async () => {} });
  const server = await startPostgres({ dataFolder: await dataFolder(deps.cache), port: deps.port });
  try {
    const adminUrl = await ownDatabase(server.adminUrl);
    return await migrated(deps, adminUrl, { label: `embedded, ${hostOf(adminUrl)}`, stop: server.stop });
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function migrated(
  { secrets, log, env }: Deps,
  adminUrl: string,
  rest: Pick<DevDatabase, "label" | "stop">,
): Promise<DevDatabase> {
  const tls = { mode: sslMode(env.DATABASE_SSL_MODE), caFile: env.DATABASE_CA_FILE || undefined };
  const { instanceId, authSecret, passwords } = secrets;
  await migrate({ adminUrl, ssl: tls, instanceId, authSecret, passwords, log });
  const roles = roleNames(instanceId);
  return {
    ...rest,
    authUrl: as(adminUrl, roles.auth, passwords.auth),
    appUrl: as(adminUrl, roles.app, passwords.app),
    tls: { DATABASE_SSL_MODE: tls.mode, ...(tls.caFile === undefined ? {} : { DATABASE_CA_FILE: tls.caFile }) },
  };
}

const SSL_MODES = ["disable", "require", "verify-ca", "verify-full"] as const;

function sslMode(text: string | undefined): (typeof SSL_MODES)[number] {
  const mode = SSL_MODES.find((candidate) => candidate === (text || "disable"));
  if (mode === undefined) throw new Error(`DATABASE_SSL_MODE must be one of ${SSL_MODES.join(", ")}`);
  return mode;
}

async function ownDatabase(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query("select from pg_database where datname = 'taskassistant'");
    if (rowCount === 0) await client.query("create database taskassistant");
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = "/taskassistant";
  return url.href;
}

/** PostgreSQL never runs as root, and other users can't enter a checkout below `/root`. Then the data is kept elsewhere. */
async function dataFolder(cache: string): Promise<string> {
  const inCheckout = join(cache, "postgres");
  if (process.getuid?.() !== 0 || (await everybodyMayEnter(dirname(dirname(cache))))) return inCheckout;
  return dataElsewhere(cache);
}

async function everybodyMayEnter(folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    if (((await stat(path)).mode & 0o001) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

function as(adminUrl: string, user: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = user;
  url.password = password;
  return url.href;
}

function hostOf(url: string): string {
  const { host, pathname } = new URL(url);
  return host + pathname;
}
