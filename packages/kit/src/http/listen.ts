import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createAdaptorServer } from "@hono/node-server";
import type { Logger } from "../process/logger.ts";

export type Listener = {
  port: number;
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Stops without losing a request, see `listen`. Resolves when the last answer is sent. Safe to call twice. */
  stop(): Promise<void>;
};

export type ListenOptions = {
  /** A web-standard handler such as `app.fetch`. */
  // biome-ignore lint/suspicious/noExplicitAny: the adapter passes its own bindings as second argument
  fetch: (request: Request, env?: any) => Response | Promise<Response>;
  port: number;
  host?: string;
  log: Logger;
  /**
   * How long the listener still accepts requests after `stop()`, in milliseconds: the time the cluster needs to take the
   * endpoint out of every Service.
   */
  drainMs?: number;
  /** Maximum time for running answers after that, in milliseconds. Then their connections are cut. */
  finishMs?: number;
  /**
   * Lets the adapter replace the process's global `Request` and `Response` with lighter ones. Faster, but not for a
   * process that belongs to a framework (Next.js). Off by default.
   */
  overrideGlobalObjects?: boolean;
};

/**
 * Serves HTTP/1.1. `stop()` follows the recipe that loses no request in a rolling restart: go on accepting, but answer
 * everything with `Connection: close` so that clients take their keep-alive connections elsewhere; when the endpoint is
 * gone from the Services, close the listener; let running answers finish.
 */
export async function listen(options: ListenOptions): Promise<Listener> {
  const { drainMs = 1_500, finishMs = 15_000, log } = options;
  const server = createAdaptorServer({
    fetch: options.fetch,
    overrideGlobalObjects: options.overrideGlobalObjects ?? false,
  }) as Server;
  // Longer than the idle time of usual load balancers (60 s), so that the client side is the one that closes.
  server.keepAliveTimeout = 75_000;
  server.headersTimeout = 20_000;
  server.requestTimeout = 60_000;

  let draining = false;
  const running = new Set<ServerResponse>();
  server.prependListener("request", (_request: IncomingMessage, response: ServerResponse) => {
    if (draining) response.shouldKeepAlive = false;
    running.add(response);
    response.once("close", () => running.delete(response));
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host ?? "0.0.0.0", resolve);
  });
  const { port } = server.address() as AddressInfo;
  log.info({ port }, "listening");

  const drain = async (): Promise<void> => {
    draining = true;
    for (const response of running) if (!response.headersSent) response.shouldKeepAlive = false;
    await sleep(drainMs);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const cut = setTimeout(() => {
      log.warn({ answers: running.size }, "answers still running at the end of the drain are cut");
      server.closeAllConnections();
    }, finishMs);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
    log.info({ port }, "listener closed");
  };

  let stopped: Promise<void> | undefined;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      stopped ??= drain();
      return stopped;
    },
  };
}
