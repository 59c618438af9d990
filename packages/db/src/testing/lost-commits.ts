import { connect, createServer, type Socket } from "node:net";
import { withParts } from "./test-database.ts";

/** A proxy for PostgreSQL that can lose the acknowledgements of commits. */
export interface LossyServer {
  /** The URL of the same database through the proxy, without TLS. */
  url: string;
  /** How many of the next commits reach the server without their answer coming back: the connection ends instead. */
  lose: number;
  close(): Promise<void>;
}

/** Forwards everything between clients and the server of a URL except the answers to lost commits. */
export async function startLossyServer(url: string): Promise<LossyServer> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let losing = false;
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", end).on("close", end);
    }
    client.on("data", (bytes) => {
      if (lossy.lose > 0 && bytes.includes("commit\0")) {
        lossy.lose -= 1;
        losing = true;
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      if (!losing) client.write(bytes);
      else if (bytes.includes("COMMIT\0")) end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port on 127.0.0.1");
  const lossy: LossyServer = {
    url: withParts(url, { port: address.port }),
    lose: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return lossy;
}
