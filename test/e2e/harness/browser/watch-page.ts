import type { Page, Response } from "playwright-core";
import { expect } from "vitest";

/** What a page did that it must not do. Empty lists are what a test wants. */
export interface Watched {
  /** Errors in the console, uncaught exceptions and violations of the Content-Security-Policy. */
  errors: string[];
  /** Addresses outside of the origin that something was asked from. */
  foreign: string[];
  /** Answers in which JavaScript could have read a token, with what was found. */
  tokens: string[];
  /** `METHOD path` of each request, in order. */
  requests: string[];
  /** Waits until every answer so far has been looked through. */
  settled(): Promise<void>;
}

/** Three base64url parts of which the first two are JSON objects: a JWS in compact form. */
const JWT = /eyJ[\w-]{5,}\.eyJ[\w-]{5,}\.[\w-]{10,}/;

/**
 * Listens to a page from before its first request.
 * @param expected console errors that belong to the test, such as the browser's own note about a 401
 */
export function watchPage(page: Page, origin: string, expected: readonly RegExp[] = []): Watched {
  const errors: string[] = [];
  const foreign: string[] = [];
  const tokens: string[] = [];
  const requests: string[] = [];
  const looking = new Set<Promise<void>>();

  page.on("console", (message) => {
    const text = `${message.text()} (${message.location().url})`;
    if (message.type() === "error" && !expected.some((pattern) => pattern.test(text))) errors.push(text);
  });
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("request", (request) => {
    const url = new URL(request.url());
    requests.push(`${request.method()} ${url.pathname}`);
    if (url.origin !== origin && !["data:", "blob:", "about:"].includes(url.protocol)) foreign.push(request.url());
  });
  page.on("response", (response) => {
    const look: Promise<void> = lookThrough(response, tokens).finally(() => looking.delete(look));
    looking.add(look);
  });
  return { errors, foreign, tokens, requests, settled: async () => void (await Promise.all(looking)) };
}

/** The session is there, in a cookie that is out of reach of everything a script of the page can look at. */
export async function expectNothingToRead(page: Page): Promise<void> {
  const reach = await page.evaluate<string>(
    "JSON.stringify({ cookie: document.cookie, local: { ...localStorage }, session: { ...sessionStorage } })",
  );
  expect(JSON.parse(reach)).toMatchObject({ cookie: "" });
  expect(reach).not.toMatch(/eyJ/);
  const held = await page.context().cookies();
  expect(held.length).toBeGreaterThan(0);
  for (const { name, value, httpOnly, sameSite } of held) {
    expect({ name, httpOnly, sameSite }).toEqual({ name, httpOnly: true, sameSite: "Lax" });
    expect(reach).not.toContain(decodeURIComponent(value).split(".")[0]);
  }
}

/** Every answer of the API is searched, those of `/api/auth` for the half of the session cookie that is the token, too. */
async function lookThrough(response: Response, tokens: string[]): Promise<void> {
  const { pathname } = new URL(response.url());
  if (!pathname.startsWith("/api/")) return;
  // A navigation or a stream that was left has no body any more; nobody read it then.
  const body = await response.text().catch(() => "");
  const headers = await response.allHeaders().catch((): Record<string, string> => ({}));
  const { "set-cookie": cookies = "", ...visible } = headers;
  const readable = `${JSON.stringify(visible)}\n${body}`;
  if (JWT.test(readable)) tokens.push(`${pathname}: a JWT`);
  if (/"(?:access_|session_?)?token"\s*:\s*"/i.test(body)) tokens.push(`${pathname}: a field named token`);
  for (const cookie of cookies.split("\n")) {
    const [value = ""] = decodeURIComponent(cookie.split(";")[0]?.split("=").slice(1).join("=") ?? "").split(".");
    if (value.length > 15 && readable.includes(value)) tokens.push(`${pathname}: the session token`);
    if (cookie !== "" && !/;\s*httponly/i.test(cookie)) tokens.push(`${pathname}: a cookie that scripts can read`);
  }
}
