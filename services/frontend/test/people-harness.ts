import { randomInt } from "node:crypto";
import type { NewLink, PeoplePage, Person } from "@taskassistant/contracts";
import { runSql } from "@taskassistant/db/testing";
import { authPost, authRequest, cookieOf, PUBLIC_URL, startFrontend, type TestUser } from "./frontend-fixture.ts";

export const OWNER = { email: "owner@example.test", password: "nine quiet engines hum" };
export const NEW_PASSWORD = "seven loud engines rest";

/** A closed assistant with its initial user, and requests of its people. */
export type PeopleHarness = Awaited<ReturnType<typeof startPeople>>;

export async function startPeople(overrides: Record<string, string> = {}) {
  const frontend = await startFrontend({
    SIGN_UP: "Closed",
    INITIAL_USER_EMAIL: OWNER.email,
    INITIAL_USER_PASSWORD: OWNER.password,
    ...overrides,
  });
  const { app, database } = frontend;
  const sql = (text: string, values: unknown[] = []) => runSql(database.adminUrl, text, values);

  const signIn = (email: string, password: string) =>
    authPost(app, "/sign-in/email", { email, password }, { "x-forwarded-for": anyAddress() });

  async function signedIn(email: string, password: string): Promise<TestUser> {
    const response = await signIn(email, password);
    if (!response.ok) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
    const cookie = cookieOf(response);
    const session = await app.routes.auth(authRequest("/get-session", { headers: { cookie } }));
    const body = (await session.json()) as { session: { id: string }; user: { id: string } };
    return { id: body.user.id, email, sessionId: body.session.id, cookie };
  }

  const owner = await signedIn(OWNER.email, OWNER.password);

  /** A request to `/api/people` of this user, or of nobody, from our own pages unless the headers say otherwise. */
  const ask = (
    user: { cookie: string } | undefined,
    method: string,
    path = "",
    body?: unknown,
    headers: Record<string, string> = {},
  ) =>
    app.routes.people(
      new Request(`${PUBLIC_URL}/api/people${path}`, {
        method,
        headers: { ...(user === undefined ? {} : { cookie: user.cookie }), origin: PUBLIC_URL, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );

  async function made(path: string, body: unknown = {}): Promise<NewLink> {
    const response = await ask(owner, "POST", path, body);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as NewLink;
  }

  const join = (secret: string, fields: object = {}, headers: Record<string, string> = {}) =>
    authPost(
      app,
      "/link/join",
      { secret, name: "Ben", email: "ben@example.test", password: NEW_PASSWORD, ...fields },
      { "x-forwarded-for": anyAddress(), ...headers },
    );

  const setPassword = (secret: string, password = NEW_PASSWORD) =>
    authPost(app, "/link/password", { secret, password }, { "x-forwarded-for": anyAddress() });

  return {
    ...frontend,
    owner,
    ask,
    signIn,
    signedIn,
    join,
    setPassword,
    open: (secret: string, kind: string, headers: Record<string, string> = {}) =>
      authPost(app, "/link/open", { secret, kind }, { "x-forwarded-for": anyAddress(), ...headers }),
    invite: (body: object = {}) => made("/invitations", body),
    passwordLink: (id: string) => made(`/${id}/password-link`),
    /** Somebody who was invited and is signed in. */
    newcomer: async (name: string): Promise<TestUser> => {
      const email = `${name.toLowerCase()}@example.test`;
      const response = await join(secretOf(await made("/invitations", { email })), { name });
      if (!response.ok) throw new Error(`joining answered ${response.status}: ${await response.text()}`);
      return signedIn(email, NEW_PASSWORD);
    },
    people: async (search = ""): Promise<Person[]> => {
      const response = await ask(owner, "GET", search);
      return ((await response.json()) as PeoplePage).people;
    },
    sql,
    /** The audit of administration, oldest first. */
    audited: async () => (await sql("select * from auth.audit order by id")).rows,
    /** By which the audits name a person. */
    pseudonym: async (id: string): Promise<string> => {
      const digest = "encode(sha256(convert_to(audit_key::text || ':subject:' || $1, 'UTF8')), 'hex')";
      return (await sql(`select ${digest} as name from app.instance`, [id])).rows[0].name;
    },
  };
}

export function secretOf({ url }: { url: string }): string {
  return new URL(url).hash.slice(1);
}

/** Limits per address are tests of their own. */
export function anyAddress(): string {
  return `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
}

export async function codeOf(response: Response): Promise<[number, string | undefined]> {
  const body = (await response.json()) as { code?: string };
  return [response.status, body.code];
}
