import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { servePrecompressed } from "./precompressed.ts";

const stored = new Set(["chunks/a.js.br", "chunks/a.js.gz", "chunks/[b].css.gz"]);

/** What Next.js sees of a request, and the headers that the answer will have. */
function served(url: string, acceptEncoding?: string, method = "GET") {
  const headers: Record<string, string> = {};
  const request = { url, method, headers: { "accept-encoding": acceptEncoding } } as unknown as IncomingMessage;
  const response = { setHeader: (name: string, value: string) => (headers[name] = value) } as unknown as ServerResponse;
  servePrecompressed(stored)(request, response);
  return { url: request.url, encoding: headers["content-encoding"], type: headers["content-type"], vary: headers.vary };
}

const A = "/_next/static/chunks/a.js";

test.each([
  ["gzip, deflate, br, zstd", `${A}.br`, "br"],
  ["gzip", `${A}.gz`, "gzip"],
  ["br;q=0, gzip;q=0.5", `${A}.gz`, "gzip"],
  ["GZIP ; Q=1", `${A}.gz`, "gzip"],
  ["identity", A, undefined],
  ["*", A, undefined],
  ["br;q=0", A, undefined],
  [undefined, A, undefined],
])("a browser that accepts %s gets %s", (accepted, url, encoding) => {
  const type = encoding === undefined ? undefined : "application/javascript; charset=UTF-8";
  expect(served(A, accepted)).toEqual({ url, encoding, type, vary: "accept-encoding" });
});

test("names are compared as the file system has them, and a query stays", () => {
  expect(served("/_next/static/chunks/%5Bb%5D.css?dpl=1", "gzip").url).toBe(
    "/_next/static/chunks/%5Bb%5D.css.gz?dpl=1",
  );
});

test.each([
  "/",
  "/api/chat",
  "/_next/static/chunks/unknown.js",
  "/_next/static/%E0%A4%A",
  "/_next/static/../server/app/index.js",
  "/_next/static/media/inter.woff2",
])("%s is left to Next.js", (url) => {
  expect(served(url, "br, gzip")).toEqual({ url, encoding: undefined, type: undefined, vary: undefined });
});

test("a request that changes something is left to Next.js", () => {
  expect(served(A, "br", "POST").url).toBe(A);
});
