import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, openPage } from "./harness/browser/browser.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./harness/browser/chat-page.ts";
import { expectNothingToRead, watchPage } from "./harness/browser/watch-page.ts";

/** A page that does all that ours must not do: what the other files look for would be found. */

const JWT = "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ";
const SESSION = "a-session-token-of-some-length";
const PAGE = `<!doctype html><html><body style="width: 3000px"><img src="/x.png"><input>
  <script>
    console.error("something is wrong");
    localStorage.token = "${JWT}";
    for (const path of ["token", "session", "jwt"]) fetch("/api/auth/" + path);
    fetch("http://elsewhere.invalid/spy").catch(() => undefined);
    setTimeout(() => { throw new Error("uncaught") });
  </script></body></html>`;

const server = createServer((request, response) => {
  const json = (body: object, headers = {}) =>
    response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  const cookie = `session=${SESSION}.signature`;
  if (request.url === "/api/auth/token") return json({ token: "opaque" });
  if (request.url === "/api/auth/session") return json({ id: SESSION }, { "set-cookie": `${cookie}; Path=/` });
  if (request.url === "/api/auth/jwt") return json({ value: JWT });
  response.writeHead(200, { "content-type": "text/html", "content-security-policy": "img-src 'none'" }).end(PAGE);
});
beforeAll(async () => void (await once(server.listen(0, "127.0.0.1"), "listening")));
afterAll(() => void server.close());

test("errors, foreign addresses, tokens within reach, flaws and sideways scrolling are all noticed", async () => {
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await openBrowser();
  try {
    const page = await openPage(browser);
    const watched = watchPage(page, origin, [/elsewhere\.invalid/]);
    await page.goto(origin, { waitUntil: "networkidle" });
    await watched.settled();
    expect(watched.errors).toHaveLength(3);
    for (const error of ["something is wrong", "Content Security Policy", "Error: uncaught"]) {
      expect(watched.errors).toContainEqual(expect.stringContaining(error));
    }
    expect(watched.foreign).toEqual(["http://elsewhere.invalid/spy"]);
    expect(watched.tokens.sort()).toEqual([
      "/api/auth/jwt: a JWT",
      "/api/auth/session: a cookie that scripts can read",
      "/api/auth/session: the session token",
      "/api/auth/token: a field named token",
    ]);
    await expect(expectNothingToRead(page)).rejects.toThrow();
    await expect(expectNoSidewaysScroll(page)).rejects.toThrow();
    await expect(expectAccessible(page, "a bad page")).rejects.toThrow("a bad page: expected");
  } finally {
    await browser.close();
  }
});
