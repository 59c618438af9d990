import { createServer } from "node:net";

/** Below the kernel's usual ephemeral range (from 32768), whose ports any outgoing connection may use. */
const FIRST = 20_000;
const COUNT = 12_000;
/** How many ports `freePortFrom` tries. */
const REACH = 100;
/** The addresses of `localhost`. A port is free only if no program uses it on either. */
const LOOPBACKS = ["127.0.0.1", "::1"];

async function isFree(port: number): Promise<boolean> {
  const free = await Promise.all(LOOPBACKS.map((host) => canListen(port, host)));
  return free.every(Boolean);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // Without IPv6 no program can listen there either.
    server.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code !== "EADDRINUSE" && code !== "EACCES"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Chooses free loopback ports at random, so that test runs that start together do not collide. @throws if too few are free */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  for (let attempt = 0; attempt < 200 && found.length < count; attempt++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  if (found.length < count)
    throw new Error(`found fewer than ${count} free ports on 127.0.0.1 between ${FIRST} and ${FIRST + COUNT}`);
  return found;
}

/** The first free loopback port from `preferred` upwards that is not in `taken`. @throws after 100 taken ports */
export async function freePortFrom(preferred: number, taken: readonly number[] = []): Promise<number> {
  for (let port = preferred; port < preferred + REACH; port++) {
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  throw new Error(`no free port between ${preferred} and ${preferred + REACH - 1} on 127.0.0.1`);
}
