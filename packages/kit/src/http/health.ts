import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Logger } from "../logger.ts";

export type HealthServer = {
  port: number;
  /** From now on `/readyz` answers 503: no new traffic, please. */
  drain(): void;
  close(): Promise<void>;
};

/** Longest a readiness check may take, in milliseconds; after that it counts as failed. */
const READY_TIMEOUT_MS = 2_000;

/**
 * `GET /livez` (the process answers) and `GET /readyz` (its own dependencies) on a port of their own, never routed from
 * outside. `ready` throws when something is missing; its message goes to the log and the answer. Concurrent probes
 * share one check.
 */
export async function startHealthServer(deps: {
  port: number;
  ready: () => Promise<void> | void;
  log: Logger;
  host?: string;
}): Promise<HealthServer> {
  let draining = false;
  let wasReady = true;
  let running: Promise<string | undefined> | undefined;

  const check = (): Promise<string | undefined> => {
    running ??= problemOf(deps.ready).finally(() => {
      running = undefined;
    });
    return running;
  };

  const answerReady = async (response: ServerResponse): Promise<void> => {
    const problem = draining ? "draining" : await check();
    if (!draining && (problem === undefined) !== wasReady) {
      wasReady = problem === undefined;
      if (wasReady) deps.log.info("ready again");
      else deps.log.warn({ reason: problem }, "not ready");
    }
    send(
      response,
      problem === undefined ? 200 : 503,
      problem === undefined ? { status: "ready" } : { status: "not ready", reason: problem },
    );
  };

  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0];
    if (request.method !== "GET" && request.method !== "HEAD")
      return send(response, 405, { status: "method not allowed" });
    if (path === "/livez") return send(response, 200, { status: "alive" });
    if (path === "/readyz") return void answerReady(response);
    send(response, 404, { status: "not found" });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(deps.port, deps.host ?? "0.0.0.0", resolve);
  });

  return {
    port: (server.address() as AddressInfo).port,
    drain: () => {
      draining = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function problemOf(ready: () => Promise<void> | void): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${READY_TIMEOUT_MS} ms`)), READY_TIMEOUT_MS);
  });
  try {
    await Promise.race([Promise.resolve().then(ready), timeout]);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}

function send(response: ServerResponse, status: number, body: { status: string; reason?: string }): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
