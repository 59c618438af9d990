import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { believeTrustedProxiesOnly, isAddressRange } from "./client-address.ts";

/** What a server on `host` sees in X-Forwarded-For of a request that brings `sent`. */
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
  ["nobody is trusted", [], "203.0.113.7", "127.0.0.1"],
  ["nobody is trusted and a chain is sent", [], "203.0.113.7, 10.0.0.1", "127.0.0.1"],
  ["nothing is sent", [], undefined, "127.0.0.1"],
  ["somebody else is trusted", ["10.0.0.0/8", "::1"], "203.0.113.7", "127.0.0.1"],
  ["the peer is trusted", ["127.0.0.1"], "203.0.113.7", "203.0.113.7"],
  ["the peer's range is trusted", ["10.0.0.0/8", "127.0.0.0/8"], "203.0.113.7, 10.0.0.1", "203.0.113.7, 10.0.0.1"],
])("when %s", async (_what, trusted, sent, expected) => {
  expect(await seen(trusted, sent)).toBe(expected);
});

it("knows an IPv4 peer of a socket for both families", async () => {
  expect(await seen([], "203.0.113.7", "::")).toBe("::ffff:127.0.0.1");
  expect(await seen(["127.0.0.0/8"], "203.0.113.7", "::")).toBe("203.0.113.7");
});

it("tells addresses and ranges from other text", () => {
  const good = ["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "fd00::1", "fd00::/8", "::/128"];
  const bad = ["", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "fd00::/129", "proxy.example"];
  expect([...good, ...bad].filter(isAddressRange)).toEqual(good);
});
