import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@taskassistant/kit/process";

/** Node.js publishes each request of every HTTP server of the process here. */
const CHANNEL = "http.server.request.start";

/** Longer than the idle timeout of common load balancers (60 s), so that they are the ones to close a connection. */
const KEEP_ALIVE_MS = 75_000;

/** A listener that can be stopped. */
export interface Drain {
  /** Stops the listener without losing a request. Resolves when the last answer has been sent. */
  stop(): Promise<void>;
}

/**
 * Stops the HTTP server of Next.js the way kit's `listen` does. For a while it still accepts requests but answers with
 * `Connection: close`. Then it stops accepting them, and running answers finish. Next.js neither offers this nor exposes
 * its server, so the server is found through its requests.
 */
export function drainOf(deps: { port: number; log: Logger; drainMs: number; finishMs: number }): Drain {
  const { log, port } = deps;
  const running = new Set<ServerResponse>();
  let draining = false;
  let server: Server | undefined;

  const onRequest = (message: unknown): void => {
    const event = message as { request: IncomingMessage; response: ServerResponse; server: Server };
    if ((event.server.address() as AddressInfo | null)?.port !== port) return;
    if (server === undefined) {
      server = event.server;
      server.keepAliveTimeout = KEEP_ALIVE_MS;
    }
    if (draining) event.response.shouldKeepAlive = false;
    running.add(event.response);
    event.response.once("close", () => running.delete(event.response));
  };
  subscribe(CHANNEL, onRequest);

  return {
    stop: async () => {
      draining = true;
      for (const response of running) if (!response.headersSent) response.shouldKeepAlive = false;
      await sleep(deps.drainMs);
      if (server === undefined) return;
      const open = server;
      const closed = new Promise<void>((resolve) => open.close(() => resolve()));
      const idle = setInterval(() => open.closeIdleConnections(), 50);
      const cut = setTimeout(() => {
        log.warn({ answers: running.size }, "answers still running at the end of the drain are cut");
        open.closeAllConnections();
      }, deps.finishMs);
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
      unsubscribe(CHANNEL, onRequest);
    },
  };
}
