import { randomInt, randomUUID } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { parseEnv } from "@taskassistant/kit/process";
import { envSchema } from "../server/env.ts";
import { createFrontend, type Frontend } from "../server/frontend.ts";

export const PUBLIC_URL = "http://tasks.test:3000";
export const CLIENT_SECRET = "exchange-client-secret";
export const PASSWORD = "correct horse battery";

/** A prepared frontend with its own database. `overrides` replaces variables of its environment. */
export async function startFrontend(overrides: Record<string, string> = {}): Promise<TestFrontend> {
  const database = await createTestDatabase();
  const app = newFrontend(database, overrides);
  await app.prepare();
  return {
    app,
    database,
    close: async () => {
      await app.close();
      await database.drop();
    },
  };
}

/** A frontend and its database. */
export interface TestFrontend {
  app: Frontend;
  database: TestDatabase;
  close(): Promise<void>;
}

/** Another replica on this database, not prepared yet. */
export function newFrontend(database: TestDatabase, overrides: Record<string, string> = {}): Frontend {
  const env = parseEnv(envSchema, {
    NODE_ENV: "test",
    LOG_LEVEL: "silent",
    DATABASE_URL: database.authUrl,
    DATABASE_POOL_SIZE: "4",
    BETTER_AUTH_URL: PUBLIC_URL,
    BETTER_AUTH_SECRET: database.authSecret,
    EXCHANGE_CLIENT_SECRET: CLIENT_SECRET,
    API_URL: "http://127.0.0.1:9",
    SIGN_UP: "Open",
    ...overrides,
  });
  return createFrontend(env);
}

/** A user who has signed up. */
export interface TestUser {
  id: string;
  email: string;
  sessionId: string;
  cookie: string;
}

/** Signs up a new user as the sign-up page does. */
export async function signUp(app: Frontend, name = "Ada"): Promise<TestUser> {
  const email = `${name.toLowerCase()}-${randomUUID()}@example.test`;
  // Each user has a different address, because sign-ups are limited per address.
  const headers = { "x-forwarded-for": `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}` };
  const response = await authPost(app, "/sign-up/email", { name, email, password: PASSWORD }, headers);
  if (!response.ok) throw new Error(`sign-up answered ${response.status}: ${await response.text()}`);
  const cookie = cookieOf(response);
  const session = await app.routes.auth(authRequest("/get-session", { headers: { cookie } }));
  const body = (await session.json()) as { session: { id: string }; user: { id: string } };
  return { id: body.user.id, email, sessionId: body.session.id, cookie };
}

export async function signOut(app: Frontend, user: TestUser): Promise<void> {
  const response = await authPost(app, "/sign-out", {}, { cookie: user.cookie });
  if (!response.ok) throw new Error(`sign-out answered ${response.status}`);
}

export function authPost(
  app: Frontend,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const all = { "content-type": "application/json", origin: PUBLIC_URL, ...headers };
  return app.routes.auth(authRequest(path, { method: "POST", headers: all, body: JSON.stringify(body) }));
}

export function authRequest(path: string, init: RequestInit = {}): Request {
  return new Request(`${PUBLIC_URL}/api/auth${path}`, init);
}

/** The cookies an answer sets, as a browser would send them back. */
export function cookieOf(response: Response): string {
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ");
}

/** An API token of the user, as a script receives it. */
export async function apiTokenOf(app: Frontend, user: TestUser): Promise<string> {
  const request = new Request(`${PUBLIC_URL}/api/token`, { method: "POST", headers: { cookie: user.cookie } });
  const response = await app.routes.token(request);
  const body = (await response.json()) as { access_token: string };
  return body.access_token;
}
