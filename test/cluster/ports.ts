import { createServer } from "node:net";

/** Below the kernel's usual ephemeral range (32768 up), where any outgoing connection may sit on a port we chose. */
const FIRST = 20_000;
const COUNT = 12_000;

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
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
