import type { Server, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../process/logger.ts";

/** Longer than the idle timeout of common load balancers (60 s), so that they are the ones to close a connection. */
export const KEEP_ALIVE_MS = 75_000;

export interface DrainOptions {
  readonly log: Logger;
  /** How long the server goes on accepting: the time the cluster needs to remove the endpoint from every Service. */
  readonly drainMs: number;
  /** Maximum wait for running answers after that; then their connections are cut. */
  readonly finishMs: number;
}

/** The end of an HTTP server that loses no request in a rolling restart. */
export interface Drain {
  /** Takes note of an answer when its request arrives. */
  track(response: ServerResponse): void;
  /**
   * Goes on accepting for a while but answers with `Connection: close`, so that clients take their keep-alive connections
   * elsewhere. Then closes the server and lets running answers finish. `find` is called only then, because the server may
   * not be known before; if it returns undefined, nothing is closed.
   */
  stop(find: () => Server | undefined): Promise<void>;
}

/** One drain for one server. */
export function createDrain({ log, drainMs, finishMs }: DrainOptions): Drain {
  const running = new Set<ServerResponse>();
  let draining = false;

  return {
    track(response) {
      if (draining) response.shouldKeepAlive = false;
      running.add(response);
      response.once("close", () => running.delete(response));
    },
    async stop(find) {
      draining = true;
      for (const response of running) if (!response.headersSent) response.shouldKeepAlive = false;
      await sleep(drainMs);
      const server = find();
      if (server === undefined) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const idle = setInterval(() => server.closeIdleConnections(), 50);
      const cut = setTimeout(() => {
        log.warn({ answers: running.size }, "answers still running at the end of the drain are cut");
        server.closeAllConnections();
      }, finishMs);
      await closed;
      clearInterval(idle);
      clearTimeout(cut);
    },
  };
}
