import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { fetchFile } from "./download.ts";

/** Breaks the line in the middle of a file as often as `broken` says, then sends it whole. */
let broken = 0;
let asked = 0;
const server = createServer((_, response) => {
  asked++;
  response.writeHead(200, { "content-length": "10" });
  response.write("hello");
  if (asked <= broken) response.socket?.destroySoon();
  else response.end("world");
});
beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
beforeEach(() => {
  asked = 0;
});
afterAll(() => server.close());
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/file`;

it("retries a download that was interrupted", async () => {
  broken = 2;
  expect(String(await fetchFile(url(), 5_000, 1))).toBe("helloworld");
  expect(asked).toBe(3);
});

it("fails with the reason after three attempts", async () => {
  broken = 3;
  await expect(fetchFile(url(), 5_000, 1)).rejects.toThrow(/127\.0\.0\.1:\d+: file: .+/);
  expect(asked).toBe(3);
});
