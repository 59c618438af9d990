import { PASSWORD_REFUSALS, type PasswordRefusal } from "@taskassistant/contracts/password-refusals";
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
  it("succeeds with the right password and fails with a wrong one", async () => {
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

  it("starts a session that ends at once when the user signs out", async () => {
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

  it("is limited per account, regardless of the address", async () => {
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

  it("is limited per address, regardless of the account", async () => {
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

describe("signing up", () => {
  it.each([
    ["password1", "PASSWORD_COMMON"],
    ["          ", "PASSWORD_BLANK"],
    ["x9$kQ2!", "PASSWORD_TOO_SHORT"],
    ["grace.hopper", "PASSWORD_PERSONAL"],
  ])("refuses the password %j with a sentence and creates nothing", async (password, code) => {
    const body = { name: "Grace Hopper", email: "grace.hopper@example.test", password };
    const refused = await authPost(frontend.app, "/sign-up/email", body, { "x-forwarded-for": "198.51.100.8" });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({ code, message: PASSWORD_REFUSALS[code as PasswordRefusal] });
    expect((await authPost(frontend.app, "/sign-in/email", body)).status).toBe(401);
  });

  it.each([
    ["a name of 15,000 characters", { name: "a".repeat(15_000) }, "INVALID_NAME"],
    ["no name", { name: " " }, "INVALID_NAME"],
    ["a name with NUL", { name: "a\0b" }, "INVALID_NAME"],
    ["a name that is no text", { name: {} }, "INVALID_NAME"],
    ["an address longer than addresses are", { email: `${"a".repeat(10_000)}@example.test` }, "INVALID_EMAIL"],
    ["a list of addresses", { email: ["grace@example.test"] }, "INVALID_EMAIL"],
    ["a picture", { image: "x".repeat(14_000) }, "FIELD_NOT_ALLOWED"],
  ])("refuses %s and creates nothing", async (_what, given, code) => {
    const body = { name: "Grace", email: `grace-${code}@example.test`, password: PASSWORD, ...given };
    const refused = await authPost(frontend.app, "/sign-up/email", body, { "x-forwarded-for": "198.51.100.9" });
    expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ code })]);
    expect((await authPost(frontend.app, "/sign-in/email", { ...body, name: undefined })).status).not.toBe(200);
  });

  it("and signing in take the same password in any Unicode form", async () => {
    const body = { name: "Zoë", email: "zoe@example.test", password: "caf\u00e9 \ufb01ne elephants" };
    expect((await authPost(frontend.app, "/sign-up/email", body)).status).toBe(200);
    const typed = { email: body.email, password: "cafe\u0301 fine elephants" };
    expect((await authPost(frontend.app, "/sign-in/email", typed)).status).toBe(200);
  });
});

describe("a request body at /api/auth", () => {
  const send = (body: BodyInit, headers: Record<string, string> = {}, path = "/sign-in/email") => {
    const all = { "content-type": "application/json", origin: PUBLIC_URL, ...headers };
    const duplex = { duplex: "half" } as RequestInit;
    return frontend.app.routes.auth(authRequest(path, { method: "POST", headers: all, body, ...duplex }));
  };
  /** A body without end that counts how much of it is read. */
  const endless = (taken: { bytes: number }) =>
    new ReadableStream({
      pull: (controller) => {
        taken.bytes += 1024;
        controller.enqueue(new TextEncoder().encode(" ".repeat(1024)));
      },
    });

  it.each(["/sign-in/email", "/sign-up/email", "/sign-out"])(
    "is refused at %s when it is too large, announced or not",
    async (path) => {
      const taken = { bytes: 0 };
      const announced = await send(endless(taken), { "content-length": String(16 * 1024 + 1) }, path);
      expect(announced.status).toBe(413);
      expect(taken.bytes).toBeLessThanOrEqual(2_048);
      const counted = await send(endless(taken), {}, path);
      expect([counted.status, counted.headers.get("connection")]).toEqual([413, "close"]);
      expect(taken.bytes).toBeLessThan(32 * 1024);
      expect(await counted.json()).toMatchObject({ code: "payload_too_large", status: 413 });
    },
  );

  it("is accepted when it is exactly as large as allowed", async () => {
    const user = await signUp(frontend.app);
    const text = JSON.stringify({ email: user.email, password: PASSWORD }).padEnd(16 * 1024);
    expect((await send(text)).status).toBe(200);
  });

  it("must be JSON with the content type of JSON", async () => {
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

describe("the routes below /api/auth", () => {
  it("are these and no others", async () => {
    const reachable: string[] = [];
    for (const [method, path] of await everyEndpoint()) {
      const request = authRequest(path, { method, headers: { origin: PUBLIC_URL } });
      const { status } = await frontend.app.routes.auth(request);
      if (status !== 404 && status !== 405) reachable.push(`${method} ${path}`);
    }
    expect(reachable.sort()).toEqual([
      "GET /account/sessions",
      "GET /get-session",
      "GET /jwks",
      "POST /account/delete",
      "POST /account/password",
      "POST /account/sessions/end",
      "POST /account/sessions/end-others",
      "POST /sign-in/email",
      "POST /sign-out",
      "POST /sign-up/email",
    ]);
  });

  it("issue no token to the browser, not even inside Better Auth", async () => {
    const user = await signUp(frontend.app);
    const request = () => authRequest("/token", { headers: { cookie: user.cookie } });
    expect((await frontend.app.routes.auth(request())).status).toBe(404);
    expect((await frontend.app.auth.handler(request())).status).toBe(404);
    const session = await frontend.app.auth.handler(authRequest("/get-session", { headers: { cookie: user.cookie } }));
    expect(session.headers.has("set-auth-jwt")).toBe(false);
  });

  it("publish only the public halves of the keys, without a rate limit", async () => {
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

  it("gives a script a token for its session", async () => {
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

  it("refuses every page, even our own", async () => {
    const user = await signUp(frontend.app);
    expect((await ask({ cookie: user.cookie, origin: PUBLIC_URL })).status).toBe(403);
    expect((await ask({ cookie: user.cookie, "sec-fetch-site": "same-origin" })).status).toBe(403);
  });

  it("refuses a script that is not signed in", async () => {
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

/** Raises the counters of these keys as that many attempts would. Each real attempt costs a password hash. */
async function skipAttempts(keys: string, attempts: number): Promise<void> {
  const admin = new pg.Client({ connectionString: frontend.database.adminUrl });
  await admin.connect();
  await admin.query(`update auth."rateLimit" set count = count + $1 where key like $2`, [attempts, keys]);
  await admin.end();
}

/** Every path of Better Auth and its plugins, and some more, each with every method. */
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
