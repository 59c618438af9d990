import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PeerCertificate } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPool } from "./index.ts";
import { mergeTls, type SslMode, sslConfig } from "./ssl.ts";

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

test.each<[string, SslMode, SslMode]>([
  ["sslmode=require", "disable", "require"],
  ["sslmode=require", "verify-full", "verify-full"],
  ["sslmode=verify-full", "require", "verify-full"],
  ["sslmode=verify-ca", "require", "verify-ca"],
  ["sslmode=disable", "verify-ca", "verify-ca"],
  ["sslmode=prefer", "disable", "disable"],
  ["sslmode=allow", "require", "require"],
  ["sslmode=no-verify", "disable", "require"],
  ["ssl=true", "disable", "require"],
  ["ssl=0", "disable", "disable"],
  ["sslmode=verify-full&sslrootcert=system", "disable", "verify-full"],
])("of %s in the URL and the mode %s, the stricter is used: %s", (query, mode, expected) => {
  const merged = mergeTls(`${URL_BY_NAME}?application_name=a&${query}&channel_binding=require`, { mode, caFile });
  expect(merged.ssl).toEqual({ mode: expected, caFile });
  expect(merged.url).toBe(`${URL_BY_NAME}?application_name=a&channel_binding=require`);
});

test("a URL without TLS parameters stays as it is", () => {
  const ssl = { mode: "verify-full" } as const;
  expect(mergeTls(URL_BY_NAME, ssl)).toEqual({ url: URL_BY_NAME, ssl });
});

test("a URL that names a file with certificates is refused, because pods have no such file", () => {
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const config = { ssl: { mode: "verify-full" }, applicationName: "test", poolSize: 1, log } as const;
  expect(() => createPool({ ...config, url: `${URL_BY_NAME}?sslrootcert=/ca.crt` })).toThrow("DATABASE_CA_FILE");
});
