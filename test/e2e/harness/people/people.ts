import { randomBytes } from "node:crypto";

/** Somebody with an account, as a program without a browser sees them. */
export type Person = { name: string; email: string; password: string; userId: string; cookie: string };

export type Answer = { status: number; headers: Headers; text: string; body: unknown };

/** A request that fails with status, URL and body in the message when a test expects something else. */
export async function request(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(60_000), ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: parsed(text) };
}

/** Fresh credentials; the address is never used twice, so that a kept node can be tested again. */
export function newCredentials(name: string): Pick<Person, "name" | "email" | "password"> {
  const tail = randomBytes(4).toString("hex");
  return { name, email: `${name.toLowerCase()}-${tail}@example.org`, password: randomBytes(12).toString("base64url") };
}

/** Makes an account through the frontend. @throws with the answer when it is refused */
export async function signUp(url: string, name: string): Promise<Person> {
  const credentials = newCredentials(name);
  const answer = await postAuth(url, "sign-up/email", credentials);
  const { user } = answer.body as { user: { id: string } };
  return { ...credentials, userId: user.id, cookie: cookieOf(answer) };
}

/** Signs in anew; a session of its own. */
export async function signIn(url: string, person: Pick<Person, "email" | "password">): Promise<string> {
  return cookieOf(await postAuth(url, "sign-in/email", { email: person.email, password: person.password }));
}

/** Ends the session that a cookie stands for, as another tab would. */
export async function signOut(url: string, cookie: string): Promise<void> {
  await postAuth(url, "sign-out", {}, cookie);
}

/** `POST /api/token`: the API token of a program of the person's own. */
export async function apiToken(url: string, person: Pick<Person, "cookie">): Promise<string> {
  const answer = await request(`${url}/api/token`, { method: "POST", headers: { cookie: person.cookie } });
  const { access_token: token } = answer.body as { access_token?: string };
  if (token === undefined) throw new Error(`no API token: ${answer.status} ${answer.text}`);
  return token;
}

async function postAuth(url: string, path: string, body: object, cookie?: string): Promise<Answer> {
  const answer = await request(`${url}/api/auth/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url, ...(cookie === undefined ? {} : { cookie }) },
    body: JSON.stringify(body),
  });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer;
}

function cookieOf({ headers }: Answer): string {
  const cookies = headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  if (cookies.length === 0) throw new Error("no cookie was set");
  return cookies.join("; ");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
