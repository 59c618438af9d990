import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface HealthDeps {
  /** 0 = any free one. */
  readonly port: number;
  /** Problems a restart may cure. */
  readonly live: () => string[];
  /** What is missing before work can be done. */
  readonly ready: () => string[];
  /** The metrics page. */
  readonly metrics: () => string;
}

export interface HealthServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Serves `/livez`, `/readyz` (200, or 503 with one problem a line) and `/metrics`. */
export async function startHealthServer(deps: HealthDeps): Promise<HealthServer> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
      response.end(request.method === "HEAD" ? undefined : body);
    };
    const check = (problems: string[]) =>
      problems.length === 0 ? send(200, "text/plain", "ok\n") : send(503, "text/plain", `${problems.join("\n")}\n`);
    if (request.method !== "GET" && request.method !== "HEAD") return send(405, "text/plain", "GET only\n");
    switch (request.url?.split("?")[0]) {
      case "/livez":
        return check(deps.live());
      case "/readyz":
        return check(deps.ready());
      case "/metrics":
        return send(200, "text/plain; version=0.0.4; charset=utf-8", deps.metrics());
      default:
        return send(404, "text/plain", "not here\n");
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(deps.port, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
