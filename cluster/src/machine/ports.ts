import { createServer } from "node:net";

/** Below the kernel's usual ephemeral range (32768 up), where any outgoing connection may sit on a port we chose. */
const FIRST = 20_000;
const COUNT = 12_000;
/** How far `freePortFrom` looks. */
const REACH = 100;
/** What `localhost` may stand for: a port that another program has on one of them isn't free. */
const LOOPBACKS = ["127.0.0.1", "::1"];

async function isFree(port: number): Promise<boolean> {
  const free = await Promise.all(LOOPBACKS.map((host) => canListen(port, host)));
  return free.every(Boolean);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has nobody there either.
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "EADDRINUSE" && code !== "EACCES"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Random free loopback ports; random, so that several test runs starting at once don't meet. @throws when none is found */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let attempt = 0; attempt < 200 && found.length < count; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  if (found.length < count)
    throw new Error(`found no ${count} free ports on 127.0.0.1 between ${FIRST} and ${FIRST + COUNT}`);
  return found;
}

/** The first free loopback port from `preferred` upwards that is not in `taken`. @throws after 100 taken ports */
export async function freePortFrom(preferred: number, taken: readonly number[] = []): Promise<number> {
  for (let port = preferred; port < preferred + REACH; port++) {
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port between ${preferred} and ${preferred + REACH - 1} on 127.0.0.1`);
}
