import { describe, expect, it } from "vitest";
import { createPageHeaders } from "./page-headers.ts";

const hashes = { "/": ["'sha256-home'"], "/sign-in": ["'sha256-in'"] };
const headersAt = (publicUrl: string, pathname = "/", development = false) =>
  createPageHeaders({ hashes, publicUrl, development })(pathname);

const scriptsOf = (headers: Record<string, string>) =>
  /script-src ([^;]*)/.exec(headers["content-security-policy"] ?? "")?.[1]?.split(" ");

describe("Strict-Transport-Security", () => {
  it("is sent for a year when the public URL is https", () => {
    expect(headersAt("https://tasks.test")["strict-transport-security"]).toBe("max-age=31536000");
  });

  it("is not sent when the public URL is http, where browsers ignore it", () => {
    expect(headersAt("http://localhost:3000")).not.toHaveProperty("strict-transport-security");
  });
});

describe("Content-Security-Policy", () => {
  it("allows the scripts of the page and no others", () => {
    expect(scriptsOf(headersAt("http://localhost:3000", "/sign-in"))).toEqual(["'self'", "'sha256-in'"]);
  });

  it("gives each response of a page without hashes a new nonce", () => {
    const nonces = [1, 2].map(() => scriptsOf(headersAt("http://localhost:3000", "/none"))?.[1]);
    expect(nonces[0]).toMatch(/^'nonce-[A-Za-z0-9+/]{22}=='$/);
    expect(nonces[1]).not.toBe(nonces[0]);
  });

  it("is relaxed in development only", () => {
    const loose = /unsafe-eval|ws:/;
    expect(headersAt("http://localhost:3000", "/", true)["content-security-policy"]).toMatch(loose);
    expect(headersAt("http://localhost:3000", "/")["content-security-policy"]).not.toMatch(loose);
  });
});
