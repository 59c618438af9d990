import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { API_CLIENT, forGrant, forMcp } from "./exchange-harness.ts";
import { apiTokenOf, authPost, PUBLIC_URL, type TestUser } from "./frontend-fixture.ts";
import { type PeopleHarness, startPeople } from "./people-harness.ts";

let harness: PeopleHarness;
let ann: TestUser;
beforeAll(async () => {
  harness = await startPeople();
  ann = await harness.newcomer("Ann");
});
afterAll(() => harness?.close());

/** Every route of the administration, and paths near it. */
const REQUESTS: readonly (readonly [method: string, path: string, body?: object])[] = [
  ["GET", ""],
  ["GET", "?limit=x"],
  ["GET", "/links"],
  ["GET", "/nothing"],
  ["PUT", ""],
  ["POST", "/invitations", {}],
  ["POST", "/invitations", { days: 99 }],
  ["POST", "/owner/password-link", {}],
  ...["promote", "demote", "disable", "enable"].map((action) => ["POST", `/owner/${action}`] as const),
  ["DELETE", "/links/some-link"],
];

async function exchanged(form: Record<string, string>): Promise<{ access_token?: string; error?: string }> {
  const request = new Request("http://exchange/oauth2/token", {
    method: "POST",
    headers: { authorization: API_CLIENT },
    body: new URLSearchParams(form),
  });
  return (await harness.app.exchange.fetch(request)).json() as Promise<{ access_token?: string; error?: string }>;
}

describe("whoever is no administrator", () => {
  it("gets the answer of a path that does not exist, byte for byte", async () => {
    const headers = { cookie: ann.cookie, origin: PUBLIC_URL, "x-request-id": "3f0a7c52-7b7e-4a55-9a65-0b5c2f0d9e11" };
    const unknown = await harness.app.routes.api(new Request(`${PUBLIC_URL}/api/no-such-path`, { headers }));
    const seen = async (response: Response) => [response.status, [...response.headers], await response.text()];
    const expected = await seen(unknown);
    expect(expected[0]).toBe(404);
    for (const [method, path, body] of REQUESTS) {
      for (const user of [ann, undefined, { cookie: "taskassistant-3000.session_token=forged.signature" }]) {
        for (const origin of [PUBLIC_URL, "https://evil.test"]) {
          const more = { origin, "x-request-id": "3f0a7c52-7b7e-4a55-9a65-0b5c2f0d9e11" };
          const answer = await harness.ask(user, method, path, body, more);
          expect(await seen(answer), `${method} ${path}`).toEqual(expected);
        }
      }
    }
  });

  it("can't become one by anything that a form sends", async () => {
    const role = { role: "administrator", disabledAt: null };
    const open = await startPeople({ SIGN_UP: "Open" });
    try {
      const form = { name: "Eve", email: "eve@example.test", password: "six tall candles burn", ...role };
      await authPost(open.app, "/sign-up/email", form);
      const { rows } = await open.sql(`select email, role from auth."user" where role = 'administrator'`);
      expect(rows).toEqual([{ email: "owner@example.test", role: "administrator" }]);
    } finally {
      await open.close();
    }
  });
});

describe("an administrator", () => {
  it("has tokens that carry nothing more than anybody's", async () => {
    const [owners, anns] = await Promise.all(
      [harness.owner, ann].map(async (user) => decodeJwt(await apiTokenOf(harness.app, user))),
    );
    expect(Object.keys(owners ?? {}).sort()).toEqual(Object.keys(anns ?? {}).sort());
    expect(owners?.scope).toBe(anns?.scope);
    expect(owners?.sub).toBe(harness.owner.id);
    expect(JSON.stringify(owners)).not.toMatch(/role|admin/i);
  });

  it("finds nothing of a person's below the person, and no way to act as them", async () => {
    for (const path of ["", "/tasks", "/conversations", "/sessions", "/impersonate", "/password", "/token", "/usage"]) {
      for (const method of ["GET", "POST", "DELETE"]) {
        expect((await harness.ask(harness.owner, method, `/${ann.id}${path}`)).status, `${method} ${path}`).toBe(404);
      }
    }
    const api = harness.app.auth.api as unknown as Record<string, { path?: string }>;
    const paths = Object.values(api).flatMap(({ path }) => (path === undefined ? [] : [path]));
    expect(paths.filter((path) => /admin|impersonat|ban/i.test(path))).toEqual([]);
  });

  it("may ask so often a minute", async () => {
    await harness.sql(`update auth."rateLimit" set count = 119 where key like 'administration|%'`);
    expect((await harness.ask(harness.owner, "GET")).status).toBe(200);
    const refused = await harness.ask(harness.owner, "GET");
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
    await harness.sql(`delete from auth."rateLimit" where key like 'administration|%'`);
  });
});

describe("the tokens of a person who is disabled", () => {
  it("stop working at their next step, whichever they are", async () => {
    const ben = await harness.newcomer("Ben");
    const token = await apiTokenOf(harness.app, ben);
    const grant = (await exchanged(forGrant(token))).access_token ?? "";
    expect((await exchanged(forMcp(grant))).access_token).toMatch(/^eyJ/);
    expect((await harness.ask(harness.owner, "POST", `/${ben.id}/disable`)).status).toBe(200);
    expect(await exchanged(forMcp(grant))).toMatchObject({ error: "invalid_grant" });
    expect(await exchanged(forGrant(token))).toMatchObject({ error: "invalid_grant" });
    const headers = { cookie: ben.cookie };
    const script = await harness.app.routes.token(new Request(`${PUBLIC_URL}/api/token`, { method: "POST", headers }));
    const page = await harness.app.routes.api(new Request(`${PUBLIC_URL}/api/me`, { headers }));
    expect([script.status, page.status]).toEqual([401, 401]);
    // Enabling brings no session back.
    await harness.ask(harness.owner, "POST", `/${ben.id}/enable`);
    expect(await exchanged(forMcp(grant))).toMatchObject({ error: "invalid_grant" });
  });
});
