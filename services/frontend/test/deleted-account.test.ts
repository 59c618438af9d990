import { createHash } from "node:crypto";
import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { listen } from "@taskassistant/kit/http";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRecord } from "../server/people/audit.ts";
import { freePort, type Started, startService, untilReady } from "./built-server-harness.ts";
import { CLIENT_SECRET, cookieOf, newFrontend, PASSWORD } from "./frontend-fixture.ts";

/**
 * Deletes an account that was used for everything, and counts. The tables come from PostgreSQL's catalogue, so a new table
 * with people's rows is looked at as well, and has to be filled here first.
 */

/** Tables that hold nobody's rows. */
const NOBODYS = ["app.instance", "app.schema_migration", "app.schema_migration_lock", "auth.jwks"];
/** Know people by a pseudonym, and stay. */
const AUDITS = ["app.audit", "auth.audit"];
/** Counts requests by the address they come from, too, so its other rows change at any time. */
const LIMITS = "auth.rateLimit";

interface Person {
  id: string;
  name: string;
  email: string;
  cookie: string;
  /** An API token, which stays valid for minutes. */
  token: string;
}

const closers: (() => unknown)[] = [];
let url: string;
let apiUrl: string;
let database: TestDatabase;
let admin: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  closers.push(() => database.drop());
  admin = new pg.Pool({ connectionString: database.adminUrl, max: 4 });
  closers.push(() => admin.end());
  const [port, exchangePort, apiPort, mcpPort, modelPort] = await Promise.all([0, 1, 2, 3, 4].map(freePort));
  url = `http://localhost:${port}`;
  apiUrl = `http://127.0.0.1:${apiPort}`;

  const app = newFrontend(database, { BETTER_AUTH_URL: url, API_URL: apiUrl });
  closers.push(() => app.close());
  await app.prepare();
  const route = (request: Request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/auth/")) return app.routes.auth(request);
    return pathname === "/api/token" ? app.routes.token(request) : app.routes.api(request);
  };
  const shared = { host: "127.0.0.1", log: app.log, drainMs: 0 };
  for (const listener of [
    await listen({ ...shared, fetch: route, port: port! }),
    await listen({ ...shared, fetch: app.exchange.fetch, port: exchangePort! }),
  ]) {
    closers.push(() => listener.stop());
  }
  const services = {
    BETTER_AUTH_URL: url,
    BETTER_AUTH_JWKS_URL: `${url}/api/auth/jwks`,
    DATABASE_URL: database.appUrl,
  };
  const model = await started(startService("model-demo", modelPort!, {}));
  await started(startService("mcp", mcpPort!, services));
  await started(
    startService("api", apiPort!, {
      ...services,
      TOKEN_EXCHANGE_URL: `http://127.0.0.1:${exchangePort}/oauth2/token`,
      EXCHANGE_CLIENT_SECRET: CLIENT_SECRET,
      MCP_SERVER_URL: `http://127.0.0.1:${mcpPort}/mcp`,
      MODEL_PROVIDER: "OpenAICompatible",
      MODEL_NAME: "demo",
      OPENAI_BASE_URL: `${model.url}/v1`,
    }),
  );
}, 180_000);
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

async function started(starting: Promise<Started>): Promise<Started> {
  const service = await starting;
  closers.push(() => service.process.kill("SIGKILL"));
  await untilReady(service);
  return service;
}

/** A request of the person's page. */
const ask = (cookie: string, method: string, path: string, body?: unknown) =>
  fetch(url + path, {
    method,
    headers: { cookie, origin: url, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

/** A request of a script with the person's token. */
const askApi = (token: string, method: string, path: string, body?: unknown) =>
  fetch(apiUrl + path, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

async function signUp(name: string, email: string): Promise<Person> {
  const answer = await ask("", "POST", "/api/auth/sign-up/email", { name, email, password: PASSWORD });
  expect(answer.status).toBe(200);
  const { user } = (await answer.json()) as { user: { id: string } };
  const cookie = cookieOf(answer);
  const issued = await fetch(`${url}/api/token`, { method: "POST", headers: { cookie } });
  const { access_token } = (await issued.json()) as { access_token: string };
  return { id: user.id, name, email, cookie, token: access_token };
}

/** Uses everything that leaves a row. */
async function use(person: Person): Promise<void> {
  const { id, email, cookie } = person;
  await ask("", "POST", "/api/auth/sign-in/email", { email, password: PASSWORD });
  await ask("", "POST", "/api/auth/sign-in/email", { email, password: "not the password" });
  await ask(cookie, "POST", "/api/auth/account/password", { currentPassword: "not it", newPassword: "x" });
  const task = await ask(cookie, "POST", `/api/${id}/tasks`, { title: `for ${email}`, project: "Home", tags: ["x"] });
  expect(task.status).toBe(201);
  const trashed = (await (await ask(cookie, "POST", `/api/${id}/tasks`, { title: "trash" })).json()) as { id: string };
  expect((await ask(cookie, "DELETE", `/api/${id}/tasks/${trashed.id}`)).status).toBe(204);
  const chat = await ask(cookie, "POST", "/api/chat", { message: "add buy milk" });
  expect(await chat.text()).toContain("add_task");
  // What administrators and later versions leave.
  await admin.query(
    `insert into auth.verification (id, identifier, value, "expiresAt") values ($1, $2, $3, now() + interval '1 day')`,
    [`verification-${id}`, email, id],
  );
  await admin.query(
    `insert into auth.link (id, digest, kind, email, "userId", "createdBy", "expiresAt") values
       ($1 || 'i', encode(sha256($1::bytea), 'hex'), 'invitation', $2, null, null, now()),
       ($1 || 'p', encode(sha256(($1 || 'p')::bytea), 'hex'), 'password', null, $1, $1, now())`,
    [id, email],
  );
  const client = new pg.Pool({ connectionString: database.authUrl });
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  await createRecord(client, log)({ by: id, on: id, action: "promote", outcome: "allowed" });
  await client.end();
}

/** What rows about the person contain, as a text of JSON. */
function traces({ id, email }: Pick<Person, "id" | "email">): string[] {
  const digest = (text: string) => createHash("sha256").update(text).digest("base64url");
  return [id, email, digest(id), digest(email)];
}

async function tables(): Promise<string[]> {
  const { rows } = await admin.query<{ name: string }>(
    `select table_schema || '.' || table_name as name from information_schema.tables
     where table_schema in ('app', 'auth') and table_type = 'BASE TABLE' order by 1`,
  );
  return rows.map(({ name }) => name);
}

/** The number and the digest of a table's rows: those with a trace, or those without one. */
async function rowsOf(table: string, which: "with" | "without", wanted: string[]) {
  const quoted = table
    .split(".")
    .map((part) => pg.escapeIdentifier(part))
    .join(".");
  const { rows } = await admin.query<{ count: number; digest: string | null }>(
    `select count(*)::int as count, md5(string_agg(line, e'\\n' order by line)) as digest
     from (select to_jsonb(each)::text as line from ${quoted} each) lines
     where exists (select from unnest($1::text[]) trace where position(trace in line) > 0) = $2`,
    [wanted, which === "with"],
  );
  return rows[0]!;
}

async function countTraces(person: Pick<Person, "id" | "email">): Promise<Record<string, number>> {
  const counted = await Promise.all(
    (await tables()).map(async (table) => [table, (await rowsOf(table, "with", traces(person))).count] as const),
  );
  return Object.fromEntries(counted);
}

describe("an account that is deleted", () => {
  let ann: Person;
  let ben: Person;
  beforeAll(async () => {
    ann = await signUp("Ann", "ann@example.test");
    ben = await signUp("Ben", "ben@example.test");
    await use(ann);
    await use(ben);
  }, 120_000);

  it("leaves no row with its id or address in any table, and every other row as it was", async () => {
    const before = await countTraces(ann);
    const filled = Object.keys(before).filter((table) => !NOBODYS.includes(table) && !AUDITS.includes(table));
    expect(filled.length).toBeGreaterThanOrEqual(14);
    // A new table of people's rows has to be filled in `use`.
    expect(filled.filter((table) => before[table] === 0)).toEqual([]);
    expect([...AUDITS, ...NOBODYS].filter((table) => before[table] !== 0)).toEqual([]);
    for (const table of AUDITS) expect((await rowsOf(table, "without", [])).count, table).toBeGreaterThan(0);
    // Deleting the account leaves a row itself.
    const compared = Object.keys(before).filter((table) => table !== LIMITS && table !== "auth.audit");
    const others = await Promise.all(compared.map((table) => rowsOf(table, "without", traces(ann))));
    const bens = await Promise.all(Object.keys(before).map((table) => rowsOf(table, "with", traces(ben))));

    const answer = await ask(ann.cookie, "POST", "/api/auth/account/delete", {
      password: PASSWORD,
      confirmation: ann.email,
    });
    expect(await answer.json()).toEqual({ deleted: true });

    const after = await countTraces(ann);
    expect(Object.entries(after).filter(([, count]) => count !== 0)).toEqual([]);
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(await Promise.all(compared.map((table) => rowsOf(table, "without", [])))).toEqual(others);
    expect(await Promise.all(Object.keys(before).map((table) => rowsOf(table, "with", traces(ben))))).toEqual(bens);
  });

  it("is brought back by nothing that was issued to it", async () => {
    expect((await ask(ann.cookie, "GET", "/api/me")).status).toBe(401);
    const refused = [
      await askApi(ann.token, "POST", `/api/${ann.id}/tasks`, { title: "back" }),
      await askApi(ann.token, "POST", "/api/chat", { message: "add tea" }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([401, 401]);
    expect(await (await askApi(ann.token, "GET", `/api/${ann.id}/tasks`)).json()).toMatchObject({ tasks: [] });
    const again = { email: ann.email, password: PASSWORD };
    expect((await ask("", "POST", "/api/auth/sign-in/email", again)).status).toBe(401);
    // The last attempt counts for its address, whoever made it.
    const { [LIMITS]: attempts, ...left } = await countTraces(ann);
    expect([attempts, Object.values(left).filter((count) => count !== 0)]).toEqual([1, []]);
  });

  it("has nothing in common with a later one of the same address", async () => {
    const next = await signUp("Ann", ann.email);
    expect(next.id).not.toBe(ann.id);
    expect(await (await ask(next.cookie, "GET", `/api/${next.id}/tasks`)).json()).toMatchObject({ tasks: [] });
    expect(await (await ask(next.cookie, "GET", `/api/${next.id}/trash`)).json()).toMatchObject({ tasks: [] });
    expect(await (await ask(next.cookie, "GET", "/api/conversations")).json()).toEqual({ conversations: [] });
    expect((await ask(next.cookie, "GET", `/api/${ann.id}/tasks`)).status).toBe(403);
    await ask(next.cookie, "POST", `/api/${next.id}/tasks`, { title: "new" });
    expect((await askApi(ann.token, "GET", `/api/${next.id}/tasks`)).status).toBe(403);
    expect(await (await askApi(ann.token, "GET", `/api/${ann.id}/tasks`)).json()).toMatchObject({ tasks: [] });
  });
});
