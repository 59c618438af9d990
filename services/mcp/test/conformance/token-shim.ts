import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TokenShim {
  url: string;
  close(): Promise<void>;
}

/**
 * A server on loopback that passes everything on to the target as it came, `Host` and `Origin` included, and adds the token:
 * the conformance suite can't send one.
 */
export async function startTokenShim(target: string, token: () => string): Promise<TokenShim> {
  const { hostname, port, pathname } = new URL(target);
  const server = createServer((incoming: IncomingMessage, answer: ServerResponse) => {
    const headers = { ...incoming.headers, authorization: `Bearer ${token()}` };
    const { method, url: path } = incoming;
    const outgoing = request({ hostname, port, method, path, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    outgoing.on("error", () => answer.destroy());
    answer.on("close", () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
