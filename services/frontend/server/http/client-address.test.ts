import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { believeTrustedProxiesOnly, isAddressRange } from "./client-address.ts";

/** Sends a request with `sent` as X-Forwarded-For and returns what a server on `host` reads from the header. */
async function seen(trusted: string[], sent: string | undefined, host = "127.0.0.1"): Promise<string | undefined> {
  const end = believeTrustedProxiesOnly(trusted);
  const server = createServer((request, response) => response.end(String(request.headers["x-forwarded-for"])));
  try {
    await once(server.listen(0, host), "listening");
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}`, {
      headers: sent === undefined ? {} : { "x-forwarded-for": sent },
    });
    return await response.text();
  } finally {
    end();
    server.closeAllConnections();
    server.close();
  }
}

it.each<[string, string[], string | undefined, string]>([
  ["no proxy is trusted", [], "203.0.113.7", "127.0.0.1"],
  ["no proxy is trusted and a chain is sent", [], "203.0.113.7, 10.0.0.1", "127.0.0.1"],
  ["the header is missing", [], undefined, "127.0.0.1"],
  ["only other proxies are trusted", ["10.0.0.0/8", "::1"], "203.0.113.7", "127.0.0.1"],
  ["the peer is trusted", ["127.0.0.1"], "203.0.113.7", "203.0.113.7"],
  ["the peer's range is trusted", ["10.0.0.0/8", "127.0.0.0/8"], "203.0.113.7, 10.0.0.1", "203.0.113.7, 10.0.0.1"],
])("X-Forwarded-For is kept or replaced correctly when %s", async (_what, trusted, sent, expected) => {
  expect(await seen(trusted, sent)).toBe(expected);
});

it("recognises an IPv4 peer on a socket that serves both address families", async () => {
  expect(await seen([], "203.0.113.7", "::")).toBe("127.0.0.1");
  expect(await seen(["127.0.0.0/8"], "203.0.113.7", "::")).toBe("203.0.113.7");
});

it("accepts addresses and CIDR ranges and refuses other text", () => {
  const good = ["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "fd00::1", "fd00::/8", "::/128"];
  const bad = ["", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "fd00::/129", "proxy.example"];
  expect([...good, ...bad].filter(isAddressRange)).toEqual(good);
});
