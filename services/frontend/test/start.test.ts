import { createTestDatabase, type TestDatabase } from "@taskassistant/db/testing";
import { decodeProtectedHeader } from "jose";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Frontend } from "../server/frontend.ts";
import { createKeys } from "../server/keys/keys.ts";
import { apiTokenOf, authPost, authRequest, cookieOf, newFrontend, PUBLIC_URL, signUp } from "./frontend-fixture.ts";

let database: TestDatabase;
let admin: pg.Client;
let apps: Frontend[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.adminUrl });
  await admin.connect();
});
beforeEach(async () => {
  await admin.query(`truncate auth."user", auth.jwks, auth."rateLimit" cascade`);
});
afterEach(async () => {
  await Promise.all(apps.map((app) => app.close()));
  apps = [];
});
afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

function replica(overrides: Record<string, string> = {}): Frontend {
  const app = newFrontend(database, overrides);
  apps.push(app);
  return app;
}

async function count(table: string): Promise<number> {
  const { rows } = await admin.query<{ count: string }>(`select count(*) from auth.${table}`);
  return Number(rows[0]!.count);
}

describe("replicas that start", () => {
  const initial = { INITIAL_USER_EMAIL: "Owner@Example.test", INITIAL_USER_PASSWORD: "a long enough secret" };

  it("create one signing key and one initial user, who can sign in, even if three start together", async () => {
    const replicas = [1, 2, 3].map(() => replica({ ...initial, SIGN_UP: "Closed" }));
    await Promise.all(replicas.map((app) => app.prepare()));
    await Promise.all(replicas.map((app) => app.ready()));
    expect([await count("jwks"), await count(`"user"`), await count("account")]).toEqual([1, 1, 1]);
    const body = { email: "owner@example.test", password: initial.INITIAL_USER_PASSWORD };
    const response = await authPost(replicas[2]!, "/sign-in/email", body);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ user: { name: "owner", emailVerified: true } });
  });

  it("create no initial user when an account exists already", async () => {
    const first = replica();
    await first.prepare();
    await signUp(first);
    await replica(initial).prepare();
    expect(await count(`"user"`)).toBe(1);
  });

  it.each([
    ["password1", "easy to guess"],
    ["owner@example.test", "too much like"],
    ["        ", "spaces only"],
  ])("create no initial user with the password %j, say why, and are not ready", async (password, reason) => {
    const app = replica({ ...initial, INITIAL_USER_PASSWORD: password });
    await expect(app.prepare()).rejects.toThrow(new RegExp(`INITIAL_USER_PASSWORD: .*${reason}`));
    await expect(app.ready()).rejects.toThrow("INITIAL_USER_PASSWORD");
    expect(await count(`"user"`)).toBe(0);
  });

  it("keep serving an account whose password would be refused today", async () => {
    await replica(initial).prepare();
    const later = replica({ ...initial, INITIAL_USER_PASSWORD: "password1" });
    await later.prepare();
    await later.ready();
  });

  it("create the initial user anew, as another person, once nobody is left", async () => {
    const first = replica(initial);
    await first.prepare();
    const body = { email: "owner@example.test", password: initial.INITIAL_USER_PASSWORD };
    const cookie = cookieOf(await authPost(first, "/sign-in/email", body));
    const { rows: before } = await admin.query(`select id, role from auth."user"`);
    const confirmed = { password: body.password, confirmation: body.email };
    expect((await authPost(first, "/account/delete", confirmed, { cookie })).status).toBe(200);
    expect(await count(`"user"`)).toBe(0);

    await replica(initial).prepare();
    const { rows: after } = await admin.query(`select id, role from auth."user"`);
    expect(after).toEqual([{ id: expect.not.stringMatching(before[0].id), role: before[0].role }]);
    const session = await first.routes.auth(authRequest("/get-session", { headers: { cookie } }));
    expect(await session.json()).toBeNull();
  });

  it("finish an initial user that an interrupted start has left", async () => {
    const first = replica();
    await first.prepare();
    const { internalAdapter } = await first.auth.$context;
    await internalAdapter.createUser({ email: "owner@example.test", name: "Owner" }, { method: "email-password" });
    await replica(initial).prepare();
    expect([await count(`"user"`), await count("account")]).toEqual([1, 1]);
  });
});

describe("readiness", () => {
  it("fails until the preparation is complete", async () => {
    const app = replica();
    await expect(app.ready()).rejects.toThrow("starting");
    await app.prepare();
    await app.ready();
  });

  it("fails while the schema is not the one that this version needs", async () => {
    const app = replica();
    await app.prepare();
    const { rows } = await admin.query("select schema_version from app.instance");
    await admin.query("update app.instance set schema_version = 1");
    try {
      await expect(app.ready()).rejects.toThrow("run the migrations");
      await expect(replica().prepare()).rejects.toThrow("run the migrations");
    } finally {
      await admin.query("update app.instance set schema_version = $1", [rows[0].schema_version]);
    }
  });

  it("fails with the next step when the secret is not the one of this database", async () => {
    await replica().prepare();
    const other = replica({ BETTER_AUTH_SECRET: "another-secret-of-more-than-32-characters" });
    await expect(other.prepare()).rejects.toThrow("Put back the secret");
    await expect(other.ready()).rejects.toThrow("Put back the secret");
  });
});

describe("the signing key", () => {
  it("is replaced by a newer one only when verifiers know the newer one", async () => {
    const app = replica();
    await app.prepare();
    const before = decodeProtectedHeader(await apiTokenOf(app, await signUp(app))).kid;
    const { id: newer } = await app.auth.api.createSigningKey();
    const next = replica();
    await next.prepare();
    expect(decodeProtectedHeader(await apiTokenOf(next, await signUp(next))).kid).toBe(before);
    const { keys } = (await (await next.routes.auth(authRequest("/jwks"))).json()) as { keys: { kid: string }[] };
    expect(keys.map(({ kid }) => kid)).toContain(newer);

    await admin.query(`update auth.jwks set "createdAt" = "createdAt" - interval '12 minutes'`);
    const later = replica();
    await later.prepare();
    expect(decodeProtectedHeader(await apiTokenOf(later, await signUp(later))).kid).toBe(newer);

    // An administrator withdraws the newer key.
    await admin.query(`update auth.jwks set "expiresAt" = now() where id = $1`, [newer]);
    const last = replica();
    await last.prepare();
    expect(decodeProtectedHeader(await apiTokenOf(last, await signUp(last))).kid).toBe(before);
  });
});

describe("a signing key that was taken out of the set", () => {
  it("verifies nothing any more a minute later", async () => {
    const app = replica();
    await app.prepare();
    let time = Date.now();
    const pool = new pg.Pool({ connectionString: database.authUrl, max: 2 });
    const keys = createKeys({ auth: app.auth, pool, now: () => time });
    await keys.prepare();
    const { kid } = await keys.signingKey();
    expect(await keys.resolve(kid)).toMatchObject({ kid });
    await admin.query("delete from auth.jwks where id = $1", [kid]);
    time += 61_000;
    await expect(keys.resolve(kid)).rejects.toMatchObject({ reason: "unknown_key" });
    expect(keys.current(kid)).toBeUndefined();
    await pool.end();
  });
});

describe("the session cookie", () => {
  const ADA = { name: "Ada", email: "ada@example.test", password: "a long enough secret" };

  it.each([
    ["https://tasks.test", "__Host-taskassistant.session_token", true],
    ["https://tasks.test:8443", "__Host-taskassistant-8443.session_token", true],
    ["http://localhost:3000", "taskassistant-3000.session_token", false],
  ])("of %s is restricted to this host", async (BETTER_AUTH_URL, name, secure) => {
    const app = replica({ BETTER_AUTH_URL });
    await app.prepare();
    const response = await authPost(app, "/sign-up/email", ADA, { origin: BETTER_AUTH_URL });
    const cookies = response.headers.getSetCookie();
    expect(cookies.map((cookie) => cookie.split("=")[0])).toEqual([name]);
    const [, ...attributes] = cookies[0]!.split("; ");
    expect(attributes).toEqual(expect.arrayContaining(["Path=/", "HttpOnly", "SameSite=Lax"]));
    expect(attributes.filter((each) => /^(secure|domain)/i.test(each))).toEqual(secure ? ["Secure"] : []);
    const session = await app.routes.auth(authRequest("/get-session", { headers: { cookie: cookieOf(response) } }));
    expect(await session.json()).toMatchObject({ user: { email: ADA.email } });
    // Browsers accept the removal of such a cookie under the same conditions only.
    const out = await authPost(app, "/sign-out", {}, { origin: BETTER_AUTH_URL, cookie: cookieOf(response) });
    const back =
      out.headers
        .getSetCookie()
        .find((cookie) => cookie.startsWith(`${name}=;`))
        ?.split("; ") ?? [];
    expect(back).toEqual(expect.arrayContaining(["Max-Age=0", "Path=/", ...(secure ? ["Secure"] : [])]));
  });
});

describe("SIGN_UP", () => {
  it("Closed refuses new accounts in the route and inside Better Auth", async () => {
    const app = replica({ SIGN_UP: "Closed" });
    await app.prepare();
    const body = { name: "Eve", email: "eve@example.test", password: "a long enough secret" };
    expect((await authPost(app, "/sign-up/email", body)).status).toBe(403);
    await expect(app.auth.api.signUpEmail({ body })).rejects.toThrow("not enabled");
    expect(await count(`"user"`)).toBe(0);
  });

  it("is Closed by default, and the pages can read it", async () => {
    for (const [SIGN_UP, signUp] of [
      ["", "Closed"],
      ["Open", "Open"],
    ] as const) {
      const response = await replica({ SIGN_UP }).routes.config(new Request(`${PUBLIC_URL}/api/config`));
      expect(await response.json()).toEqual({ signUp });
    }
  });
});
