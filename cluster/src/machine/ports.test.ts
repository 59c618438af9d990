import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, expect, it } from "vitest";
import { freePortFrom, freePorts } from "./ports.ts";

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function occupy(port: number, host: string): Promise<void> {
  const server = createServer();
  open.push(server);
  await once(server.listen(port, host), "listening");
}

it.each(["127.0.0.1", "0.0.0.0", "::1"])("skips a port that another program uses on %s", async (host) => {
  const [port = 0] = await freePorts(1);
  expect(await freePortFrom(port)).toBe(port);
  await occupy(port, host);
  expect(await freePortFrom(port)).toBeGreaterThan(port);
});

it("skips ports that were already chosen", async () => {
  const [port = 0] = await freePorts(1);
  expect(await freePortFrom(port, [port])).toBeGreaterThan(port);
});

it("chooses several different ports", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
});
