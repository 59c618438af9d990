import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PeerCertificate } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPool } from "./index.ts";
import { sslConfig } from "./ssl.ts";

let folder: string;
let caFile: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ssl-test-"));
  caFile = join(folder, "ca.pem");
  writeFileSync(caFile, "authority");
});
afterAll(() => rmSync(folder, { recursive: true }));

const URL_BY_NAME = "postgres://u:p@db.example.test:5432/app";
const certificateOf = (subjectaltname: string) =>
  ({ subject: { CN: "" }, subjectaltname }) as unknown as PeerCertificate;

test("disable turns TLS off, and require accepts any certificate", () => {
  expect(sslConfig(URL_BY_NAME, { mode: "disable", caFile })).toBe(false);
  expect(sslConfig(URL_BY_NAME, { mode: "require" })).toEqual({ rejectUnauthorized: false });
});

test("verify-ca, and require with a CA, trust that CA and ignore the host name", () => {
  for (const mode of ["verify-ca", "require"] as const) {
    const config = sslConfig(URL_BY_NAME, { mode, caFile });
    expect(config).toMatchObject({ ca: "authority", rejectUnauthorized: true });
    const check = config ? config.checkServerIdentity : undefined;
    expect(check).toBeDefined();
    expect(check?.("other", certificateOf("DNS:wrong.test"))).toBeUndefined();
  }
});

test("verify-full compares with the URL's host, whatever name TLS was given", () => {
  for (const [url, right] of [
    [URL_BY_NAME, "DNS:db.example.test"],
    ["postgres://u:p@10.1.2.3:5432/app", "IP Address:10.1.2.3"],
    ["postgres://u:p@[fd00::1]:5432/app", "IP Address:FD00:0:0:0:0:0:0:1"],
  ] as const) {
    const config = sslConfig(url, { mode: "verify-full" });
    const check = config ? config.checkServerIdentity : undefined;
    expect(config).toMatchObject({ rejectUnauthorized: true });
    expect(check?.("localhost", certificateOf(right)), url).toBeUndefined();
    expect(check?.("localhost", certificateOf("DNS:localhost")), url).toBeInstanceOf(Error);
  }
});

test("a CA file that can't be read is an error at once", () => {
  expect(() => sslConfig(URL_BY_NAME, { mode: "verify-full", caFile: join(folder, "absent") })).toThrow("ENOENT");
});

test("a URL with TLS parameters is refused, because pg would prefer them to the mode", () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const config = { ssl: { mode: "verify-full" }, applicationName: "test", poolSize: 1, log } as const;
  expect(() => createPool({ ...config, url: `${URL_BY_NAME}?sslmode=no-verify` })).toThrow("DATABASE_SSL_MODE");
});
