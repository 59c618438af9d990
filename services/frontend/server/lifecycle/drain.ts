import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createDrain, type DrainOptions, KEEP_ALIVE_MS } from "@taskassistant/kit/http";

/** Node.js publishes each request of every HTTP server of the process here. */
const CHANNEL = "http.server.request.start";

/** A listener that can be stopped. */
export interface PageDrain {
  /** Stops the listener without losing a request. Resolves when the last answer has been sent. */
  stop(): Promise<void>;
}

/**
 * Stops the HTTP server of Next.js as kit's `listen` stops its own. Next.js neither offers this nor exposes its server, so
 * the server is found through its requests.
 */
export function drainOf({ port, ...options }: DrainOptions & { port: number }): PageDrain {
  const drain = createDrain(options);
  let server: Server | undefined;

  function onRequest(message: unknown): void {
    const event = message as { response: ServerResponse; server: Server };
    if ((event.server.address() as AddressInfo | null)?.port !== port) return;
    if (server === undefined) {
      server = event.server;
      server.keepAliveTimeout = KEEP_ALIVE_MS;
    }
    drain.track(event.response);
  }
  subscribe(CHANNEL, onRequest);

  return {
    async stop() {
      await drain.stop(() => server);
      unsubscribe(CHANNEL, onRequest);
    },
  };
}
