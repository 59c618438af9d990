import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  apiTokenOf,
  authPost,
  authRequest,
  cookieOf,
  PASSWORD,
  PUBLIC_URL,
  signOut,
  signUp,
  startFrontend,
  type TestFrontend,
} from "./frontend-fixture.ts";

let frontend: TestFrontend;
beforeAll(async () => {
  frontend = await startFrontend();
});
afterAll(() => frontend?.close());

describe("signing in", () => {
  it("works with the right password and not with a wrong one", async () => {
    const user = await signUp(frontend.app);
    const right = await authPost(frontend.app, "/sign-in/email", { email: user.email, password: PASSWORD });
    expect(right.status).toBe(200);
    expect(right.headers.getSetCookie().join("\n")).toMatch(
      /^taskassistant-3000\.session_token=.*HttpOnly.*SameSite=Lax/m,
    );
    const wrong = await authPost(frontend.app, "/sign-in/email", { email: user.email, password: "wrong password" });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.getSetCookie()).toEqual([]);
  });

  it("never puts a token into a body or a header that a page could read", async () => {
    const user = await signUp(frontend.app);
    const signIn = await authPost(frontend.app, "/sign-in/email", { email: user.email, password: PASSWORD });
    const cookie = cookieOf(signIn);
    const secret = decodeURIComponent(cookie.split("=")[1]!).split(".")[0]!;
    const session = await frontend.app.routes.auth(authRequest("/get-session", { headers: { cookie } }));
    for (const response of [signIn, session]) {
      const headers = [...response.headers].filter(([name]) => name !== "set-cookie");
      const seen = `${JSON.stringify(headers)}${await response.text()}`;
      expect(seen).toContain(user.email);
      expect(seen).not.toContain(secret);
      expect(seen).not.toMatch(/eyJ/);
      expect(response.headers.has("set-auth-jwt")).toBe(false);
    }
  });

  it("ends at once when signing out", async () => {
    const user = await signUp(frontend.app);
    await signOut(frontend.app, user);
    const session = await frontend.app.routes.auth(authRequest("/get-session", { headers: { cookie: user.cookie } }));
    expect(await session.json()).toBeNull();
  });

  it("is refused from another site", async () => {
    const user = await signUp(frontend.app);
    const foreign = { origin: "https://evil.test" };
    const out = await authPost(frontend.app, "/sign-out", {}, { ...foreign, cookie: user.cookie });
    expect(out.status).toBe(403);
    const fromForm = await authPost(
      frontend.app,
      "/sign-in/email",
      { email: user.email, password: PASSWORD },
      { ...foreign, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors" },
    );
    expect(fromForm.status).toBe(403);
  });

  it("is limited per account, whatever address the attempts come from", async () => {
    const user = await signUp(frontend.app);
    const attempt = (address: number, email = user.email) =>
      authPost(
        frontend.app,
        "/sign-in/email",
        { email, password: "wrong password" },
        { "x-forwarded-for": `203.0.113.${address}` },
      );
    expect((await attempt(1)).status).toBe(401);
    await skipAttempts("account|%", 8);
    expect((await attempt(2, user.email.toUpperCase())).status).toBe(401);
    const refused = await attempt(3);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    expect((await attempt(3, (await signUp(frontend.app)).email)).status).toBe(401);
  });

  it("is limited per address, whatever account is tried", async () => {
    const attempt = (account: number) =>
      authPost(
        frontend.app,
        "/sign-in/email",
        { email: `nobody-${account}@example.test`, password: "wrong password" },
        { "x-forwarded-for": "198.51.100.7" },
      );
    expect((await attempt(1)).status).toBe(401);
    await skipAttempts("198.51.100.7|%", 18);
    expect((await attempt(2)).status).toBe(401);
    const last = await attempt(3);
    expect(last.status).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("what is sent to /api/auth", () => {
  const send = (body: BodyInit, headers: Record<string, string> = {}, path = "/sign-in/email") => {
    const all = { "content-type": "application/json", origin: PUBLIC_URL, ...headers };
    const duplex = { duplex: "half" } as RequestInit;
    return frontend.app.routes.auth(authRequest(path, { method: "POST", headers: all, body, ...duplex }));
  };
  /** A body without end, that counts how much of it was taken. */
  const endless = (taken: { bytes: number }) =>
    new ReadableStream({
      pull: (controller) => {
        taken.bytes += 1024;
        controller.enqueue(new TextEncoder().encode(" ".repeat(1024)));
      },
    });

  it.each(["/sign-in/email", "/sign-up/email", "/sign-out"])("may not be large: %s", async (path) => {
    const taken = { bytes: 0 };
    const announced = await send(endless(taken), { "content-length": String(16 * 1024 + 1) }, path);
    expect([announced.status, taken.bytes <= 2048]).toEqual([413, true]);
    const counted = await send(endless(taken), {}, path);
    expect([counted.status, counted.headers.get("connection"), taken.bytes < 32 * 1024]).toEqual([413, "close", true]);
    expect(await counted.json()).toMatchObject({ code: "payload_too_large", status: 413 });
  });

  it("may be as large as that", async () => {
    const user = await signUp(frontend.app);
    const text = JSON.stringify({ email: user.email, password: PASSWORD }).padEnd(16 * 1024);
    expect((await send(text)).status).toBe(200);
  });

  it("is JSON, and says so", async () => {
    const user = await signUp(frontend.app);
    const form = new URLSearchParams({ email: user.email, password: PASSWORD });
    const json = JSON.stringify({ email: user.email, password: PASSWORD });
    for (const [body, type] of [
      [form, "application/x-www-form-urlencoded"],
      [json, "text/plain"],
      [json, ""],
    ] as const) {
      expect((await send(body, { "content-type": type })).status).toBe(415);
    }
  });
});

describe("what can be reached below /api/auth", () => {
  it("is this list and nothing else", async () => {
    const reachable: string[] = [];
    for (const [method, path] of await everyEndpoint()) {
      const request = authRequest(path, { method, headers: { origin: PUBLIC_URL } });
      const { status } = await frontend.app.routes.auth(request);
      if (status !== 404 && status !== 405) reachable.push(`${method} ${path}`);
    }
    expect(reachable.sort()).toEqual([
      "GET /get-session",
      "GET /jwks",
      "POST /sign-in/email",
      "POST /sign-out",
      "POST /sign-up/email",
    ]);
  });

  it("has no token for the browser, also when Better Auth itself is asked", async () => {
    const user = await signUp(frontend.app);
    const request = () => authRequest("/token", { headers: { cookie: user.cookie } });
    expect((await frontend.app.routes.auth(request())).status).toBe(404);
    expect((await frontend.app.auth.handler(request())).status).toBe(404);
    const session = await frontend.app.auth.handler(authRequest("/get-session", { headers: { cookie: user.cookie } }));
    expect(session.headers.has("set-auth-jwt")).toBe(false);
  });

  it("publishes the public halves of the keys, and only these, without rate limit", async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => frontend.app.routes.auth(authRequest("/jwks"))),
    );
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]));
    const { keys } = (await answers[0]!.json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(Object.keys(keys[0]!).sort()).toEqual(["alg", "crv", "kid", "kty", "x"]);
    expect(keys[0]).toMatchObject({ alg: "EdDSA", crv: "Ed25519", kty: "OKP" });
  });
});

describe("POST /api/token", () => {
  const ask = (headers: Record<string, string>) =>
    frontend.app.routes.token(new Request(`${PUBLIC_URL}/api/token`, { method: "POST", headers }));

  it("gives a script a token for the session", async () => {
    const user = await signUp(frontend.app);
    const response = await ask({ cookie: user.cookie });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      access_token: expect.stringMatching(/^eyJ/),
      token_type: "Bearer",
      expires_in: 300,
      scope: "tasks:read tasks:write",
    });
  });

  it("refuses pages, whatever they are", async () => {
    const user = await signUp(frontend.app);
    expect((await ask({ cookie: user.cookie, origin: PUBLIC_URL })).status).toBe(403);
    expect((await ask({ cookie: user.cookie, "sec-fetch-site": "same-origin" })).status).toBe(403);
  });

  it("refuses who is not signed in", async () => {
    const user = await signUp(frontend.app);
    await apiTokenOf(frontend.app, user);
    await signOut(frontend.app, user);
    for (const headers of [
      {},
      { cookie: user.cookie },
      { cookie: "taskassistant-3000.session_token=forged.signature" },
    ]) {
      expect((await ask(headers)).status).toBe(401);
    }
  });
});

/** Makes the counters of those keys stand as after so many attempts more: each real one costs a password hash. */
async function skipAttempts(keys: string, attempts: number): Promise<void> {
  const admin = new pg.Client({ connectionString: frontend.database.adminUrl });
  await admin.connect();
  await admin.query(`update auth."rateLimit" set count = count + $1 where key like $2`, [attempts, keys]);
  await admin.end();
}

/** Every path of Better Auth and its plugins, with every method, and some that others have. */
async function everyEndpoint(): Promise<[string, string][]> {
  const api = frontend.app.auth.api as unknown as Record<string, { path?: string }>;
  const paths = Object.values(api).flatMap(({ path }) => (path === undefined ? [] : [path.replace(/:\w+/g, "x")]));
  const known = new Set([
    ...paths,
    "/",
    "/ok",
    "/error",
    "/sign-in/email/",
    "/jwks/",
    "/.well-known/openid-configuration",
  ]);
  expect(known.size).toBeGreaterThan(25);
  return [...known].flatMap((path) => ["GET", "POST"].map((method): [string, string] => [method, path]));
}
