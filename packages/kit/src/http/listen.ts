import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type GuardLimits, guardServer } from "../guard/index.ts";
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
  /** Address to listen on. By default all of both families, or of IPv4 alone on a machine without IPv6. */
  host?: string;
  log: Logger;
  /**
   * How long the listener still accepts requests after `stop()`, in milliseconds: the time the cluster needs to take the
   * endpoint out of every Service.
   */
  drainMs?: number;
  /** Maximum time for running answers after that, in milliseconds. Then their connections are cut. */
  finishMs?: number;
  /** Maximum size of a body whose length is announced, in bytes; the handler limits those that are not. No limit unless given. */
  bodyMax?: number;
  /** Other limits of the guard than its own. */
  limits?: Partial<GuardLimits>;
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
    serverOptions: { connectionsCheckingInterval: 5_000 },
  }) as Server;
  const { bodyMax = Number.POSITIVE_INFINITY, limits = {} } = options;
  const drain = guardServer(server, { bodyMax: () => bodyMax, limits });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port: options.port, host: options.host }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  log.info({ port }, "listening");

  async function stop(): Promise<void> {
    await drain.stop({ log, drainMs, finishMs });
    log.info({ port }, "listener closed");
  }

  let stopped: Promise<void> | undefined;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}
