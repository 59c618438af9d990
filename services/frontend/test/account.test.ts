import { ownSessionsSchema } from "@taskassistant/contracts";
import { PASSWORD_REFUSALS } from "@taskassistant/contracts/password-refusals";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ExchangeHarness, forGrant, forMcp, startExchange } from "./exchange-harness.ts";
import {
  apiTokenOf,
  authPost,
  authRequest,
  cookieOf,
  PASSWORD,
  PUBLIC_URL,
  signOut,
  signUp,
  type TestUser,
} from "./frontend-fixture.ts";

const NEXT = "seven quiet engines";
const LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

let harness: ExchangeHarness;
beforeAll(async () => {
  harness = await startExchange();
});
afterAll(() => harness?.close());

const post = (path: string, cookie: string, body: unknown = {}, headers: Record<string, string> = {}) =>
  authPost(harness.app, `/account${path}`, body, { cookie, ...headers });
const changePassword = (cookie: string, currentPassword = PASSWORD, newPassword = NEXT) =>
  post("/password", cookie, { currentPassword, newPassword });
const read = (cookie: string) => harness.app.routes.auth(authRequest("/account/sessions", { headers: { cookie } }));
const sessionsOf = async (cookie: string) => ownSessionsSchema.parse(await (await read(cookie)).json()).sessions;
const isAlive = async (cookie: string) => (await read(cookie)).status === 200;

/** Signs in once more, as another browser does. */
async function signInAgain(user: TestUser, password = PASSWORD, headers: Record<string, string> = {}) {
  const answer = await authPost(harness.app, "/sign-in/email", { email: user.email, password }, headers);
  return { status: answer.status, cookie: cookieOf(answer) };
}

describe("the own sessions", () => {
  it("are listed with device, address and times, and never with a token", async () => {
    const user = await signUp(harness.app);
    const { cookie } = await signInAgain(user, PASSWORD, { "user-agent": LINUX, "x-forwarded-for": "198.51.100.20" });
    const answer = await read(cookie);
    const text = await answer.text();
    for (const each of [cookie, user.cookie]) {
      const token = decodeURIComponent(each.split("=")[1]!).split(".")[0]!;
      expect(token).toHaveLength(32);
      expect(text).not.toContain(token);
    }
    const { sessions } = ownSessionsSchema.parse(JSON.parse(text));
    expect(sessions).toMatchObject([
      { current: true, device: "Firefox on Linux", address: "198.51.100.20" },
      { current: false, id: user.sessionId, device: "" },
    ]);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("are listed however old the session is that asks", async () => {
    const user = await signUp(harness.app);
    await harness.admin.query(
      `update auth.session set "createdAt" = now() - interval '20 days', "updatedAt" = now() - interval '3 days'
       where id = $1`,
      [user.sessionId],
    );
    const [session] = await sessionsOf(user.cookie);
    expect(Date.now() - Date.parse(session!.signed_in_at)).toBeGreaterThan(19 * 86_400_000);
    // A request for data is what makes a session seen.
    await harness.app.routes.token(
      new Request(`${PUBLIC_URL}/api/token`, { method: "POST", headers: { cookie: user.cookie } }),
    );
    const [asked] = await sessionsOf(user.cookie);
    expect(Date.now() - Date.parse(asked!.last_seen_at)).toBeGreaterThan(2 * 86_400_000);
    await harness.app.routes.api(new Request(`${PUBLIC_URL}/api/me`, { headers: { cookie: user.cookie } }));
    await expect
      .poll(async () => Date.now() - Date.parse((await sessionsOf(user.cookie))[0]!.last_seen_at))
      .toBeLessThan(86_400_000);
  });

  it("are ended one by one, at once, with the tokens derived from them", async () => {
    const user = await signUp(harness.app);
    const { cookie } = await signInAgain(user);
    const token = await apiTokenOf(harness.app, user);
    const grant = await harness.grantOf(user);
    const ended = await post("/sessions/end", cookie, { id: user.sessionId });
    expect([ended.status, await ended.json()]).toEqual([200, { ended: 1 }]);
    expect([await isAlive(user.cookie), await isAlive(cookie)]).toEqual([false, true]);
    expect(await harness.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await harness.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
    expect((await sessionsOf(cookie)).map(({ current }) => current)).toEqual([true]);
    expect((await post("/sessions/end", cookie, { id: user.sessionId })).status).toBe(404);
  });

  it("are ended all but the one that asks", async () => {
    const user = await signUp(harness.app);
    const others = [await signInAgain(user), await signInAgain(user)];
    const ended = await post("/sessions/end-others", user.cookie);
    expect(await ended.json()).toEqual({ ended: 2 });
    expect(await Promise.all([user, ...others].map(({ cookie }) => isAlive(cookie)))).toEqual([true, false, false]);
  });

  it.each([
    ["another person's", (other: TestUser) => other.sessionId],
    ["another person's token", (other: TestUser) => decodeURIComponent(other.cookie.split("=")[1]!).split(".")[0]],
    ["an unknown one", () => "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
    ["an empty one", () => ""],
    ["none", () => undefined],
    ["a pattern", () => "%"],
    ["a text that PostgreSQL can't read", () => "a\u0000b"],
    ["an object", () => ({ ne: "" })],
    ["a list", (other: TestUser) => [other.sessionId]],
    ["a long one", () => "a".repeat(10_000)],
  ])("can't be ended by a wrong id: %s", async (_what, idOf) => {
    const [user, other] = [await signUp(harness.app), await signUp(harness.app, "Eve")];
    const answer = await post("/sessions/end", user.cookie, { id: idOf(other), userId: other.id, user_id: other.id });
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: "SESSION_NOT_FOUND" }]);
    expect(await isAlive(other.cookie)).toBe(true);
    await post("/sessions/end-others", user.cookie, { userId: other.id });
    expect(await isAlive(other.cookie)).toBe(true);
  });
});

describe("changing the password", () => {
  it("ends all other sessions with their tokens, and keeps this one under another cookie", async () => {
    const user = await signUp(harness.app);
    const other = await signInAgain(user);
    const [token, grant] = [await apiTokenOf(harness.app, user), await harness.grantOf(user)];
    const answer = await changePassword(other.cookie);
    expect([answer.status, await answer.json()]).toEqual([200, { changed: true }]);
    const next = cookieOf(answer);

    expect(await Promise.all([user.cookie, other.cookie, next].map(isAlive))).toEqual([false, false, true]);
    expect(await harness.refusal(forGrant(token))).toEqual([400, "invalid_grant"]);
    expect(await harness.refusal(forMcp(grant))).toEqual([400, "invalid_grant"]);
    expect(await sessionsOf(next)).toMatchObject([{ current: true }]);
    expect((await signInAgain(user)).status).toBe(401);
    expect((await signInAgain(user, NEXT)).status).toBe(200);
  });

  it("keeps an answer going that runs in this session", async () => {
    const user = await signUp(harness.app);
    const grant = await harness.grantOf(user);
    expect((await changePassword(user.cookie)).status).toBe(200);
    expect((await harness.exchange(forMcp(grant))).status).toBe(200);
  });

  it("is refused with a wrong current password, and changes nothing", async () => {
    const user = await signUp(harness.app);
    const other = await signInAgain(user);
    for (const wrong of ["not the password", "", NEXT, ["x"], null]) {
      const answer = await post("/password", user.cookie, { currentPassword: wrong, newPassword: NEXT });
      expect([answer.status, await answer.json()]).toMatchObject([400, { code: "INVALID_PASSWORD" }]);
      expect(answer.headers.getSetCookie()).toEqual([]);
    }
    expect(await Promise.all([user.cookie, other.cookie].map(isAlive))).toEqual([true, true]);
    expect((await signInAgain(user)).status).toBe(200);
  });

  it.each([
    ["password1", "PASSWORD_COMMON"],
    ["        ", "PASSWORD_BLANK"],
    ["short", "PASSWORD_TOO_SHORT"],
    ["Augusta1", "PASSWORD_PERSONAL"],
  ] as const)("is refused with the new password %j", async (password, code) => {
    const user = await signUp(harness.app, "Augusta");
    const answer = await changePassword(user.cookie, PASSWORD, password);
    expect([answer.status, await answer.json()]).toEqual([400, { code, message: PASSWORD_REFUSALS[code] }]);
    expect((await signInAgain(user)).status).toBe(200);
  });

  it("is done by one of two requests at a time", async () => {
    const user = await signUp(harness.app);
    const answers = await Promise.all(
      [NEXT, "eight loud engines"].map((next) => changePassword(user.cookie, PASSWORD, next)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    const won = answers[0]!.status === 200 ? NEXT : "eight loud engines";
    expect((await signInAgain(user, won)).status).toBe(200);
  });

  it("allows ten attempts a minute on an account, from all its sessions, together with deleting it", async () => {
    const user = await signUp(harness.app);
    const other = await signInAgain(user);
    expect((await changePassword(user.cookie, "wrong one")).status).toBe(400);
    await harness.admin.query(`update auth."rateLimit" set count = count + 8 where key like 'password|%'`);
    expect((await post("/delete", other.cookie, { password: "wrong", confirmation: user.email })).status).toBe(400);
    const refused = await changePassword(other.cookie);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    expect((await post("/delete", user.cookie, { password: PASSWORD, confirmation: user.email })).status).toBe(429);
    expect((await signInAgain(user)).status).toBe(200);
  });
});

describe("deleting the account", () => {
  it.each([
    ["a wrong password", (user: TestUser) => ({ password: "not it", confirmation: user.email }), "INVALID_PASSWORD"],
    ["no password", (user: TestUser) => ({ confirmation: user.email }), "INVALID_PASSWORD"],
    ["no confirmation", () => ({ password: PASSWORD }), "NOT_CONFIRMED"],
    ["another confirmation", () => ({ password: PASSWORD, confirmation: "eve@example.test" }), "NOT_CONFIRMED"],
  ])("is refused with %s", async (_what, bodyOf, code) => {
    const user = await signUp(harness.app);
    const answer = await post("/delete", user.cookie, bodyOf(user));
    expect([answer.status, await answer.json()]).toMatchObject([400, { code }]);
    expect(await isAlive(user.cookie)).toBe(true);
  });

  it("deletes the account that asks, whatever the body says", async () => {
    const [user, other] = [await signUp(harness.app), await signUp(harness.app, "Eve")];
    const answer = await post("/delete", user.cookie, {
      password: PASSWORD,
      confirmation: ` ${user.email.toUpperCase()} `,
      userId: other.id,
      user_id: other.id,
      id: other.id,
    });
    expect(await answer.json()).toEqual({ deleted: true });
    expect(answer.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/);
    expect(await Promise.all([user.cookie, other.cookie].map(isAlive))).toEqual([false, true]);
    expect((await signInAgain(user)).status).toBe(401);
  });
});

const ROUTES = [
  ["GET", "/account/sessions"],
  ["POST", "/account/sessions/end"],
  ["POST", "/account/sessions/end-others"],
  ["POST", "/account/password"],
  ["POST", "/account/delete"],
] as const;

describe.each(ROUTES)("%s /api/auth%s", (method, path) => {
  const send = (cookie: string | undefined, overrides: RequestInit = {}) =>
    harness.app.routes.auth(
      authRequest(path, {
        method,
        ...(method === "POST" ? { body: JSON.stringify({ password: PASSWORD }) } : {}),
        ...overrides,
        headers: {
          origin: PUBLIC_URL,
          ...(method === "POST" ? { "content-type": "application/json" } : {}),
          ...(cookie === undefined ? {} : { cookie }),
          ...(overrides.headers as Record<string, string>),
        },
      }),
    );

  it("asks for a session, and for one that has not ended", async () => {
    const user = await signUp(harness.app);
    await signOut(harness.app, user);
    for (const cookie of [undefined, "taskassistant-3000.session_token=forged.signature", user.cookie]) {
      expect((await send(cookie)).status).toBe(401);
    }
  });

  it("has no other method", async () => {
    const user = await signUp(harness.app);
    for (const wrong of ["GET", "POST", "PUT", "PATCH", "DELETE"].filter((each) => each !== method)) {
      const answer = await send(user.cookie, { method: wrong, ...(wrong === "GET" ? { body: null } : {}) });
      expect([wrong, answer.status, answer.headers.get("allow")]).toEqual([wrong, 405, method]);
    }
    expect(await isAlive(user.cookie)).toBe(true);
  });

  it("is refused from another site, or is read by nobody there", async () => {
    const user = await signUp(harness.app);
    for (const origin of ["https://evil.test", "null", "http://tasks.test:3001"]) {
      const answer = await send(user.cookie, { headers: { origin } });
      expect(answer.status).toBe(method === "POST" ? 403 : 200);
      expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    }
    expect(await isAlive(user.cookie)).toBe(true);
  });
});

it.each(ROUTES.filter(([method]) => method === "POST"))("%s /api/auth%s answers any body", async (_method, path) => {
  const user = await signUp(harness.app);
  const headers = { origin: PUBLIC_URL, "content-type": "application/json", cookie: user.cookie };
  for (const body of ["[]", "null", '"text"', "{", "1", '{"id":{"a":1},"password":[],"newPassword":{}}']) {
    const { status } = await harness.app.routes.auth(authRequest(path, { method: "POST", headers, body }));
    expect([body, status < 500]).toEqual([body, true]);
  }
});
