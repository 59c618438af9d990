import type { Server, ServerResponse } from "node:http";
import { Server as NetServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Connections } from "./connections.ts";

export interface DrainOptions {
  readonly log: { warn(fields: object, message: string): void };
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
   * elsewhere. Then closes the server and lets running answers finish. Connections that only stand still are closed.
   */
  stop(options: DrainOptions): Promise<void>;
}

/** Once the server is closed: how long a connection may take to send a request, and then its body, in milliseconds. */
const HEAD_MS = 500;
const BODY_MS = 2_000;
/** How long a reader may take nothing of an answer that waits for it, in milliseconds. */
const READ_MS = 5_000;
const LOOK_MS = 50;

/** One drain for one server. */
export function createDrain(server: Server, connections: Connections): Drain {
  let draining = false;

  return {
    track(response) {
      if (draining) response.shouldKeepAlive = false;
    },
    async stop({ log, drainMs, finishMs }) {
      draining = true;
      for (const { response } of connections.answers()) if (!response.headersSent) response.shouldKeepAlive = false;
      await sleep(drainMs);
      // The close of an HTTP server would also cut answers that are complete but not yet read.
      const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
      const closedAt = performance.now();
      const unread = new Map<Socket, { bytes: number; since: number }>();
      const look = setInterval(() => {
        const ms = performance.now() - closedAt;
        for (const socket of connections.all()) if (standsStill(socket, ms)) socket.destroy();
      }, LOOK_MS);
      const cut = setTimeout(() => {
        log.warn(
          { answers: [...connections.answers()].length },
          "answers still running at the end of the drain are cut",
        );
        for (const socket of connections.all()) socket.destroy();
      }, finishMs);
      await closed;
      clearInterval(look);
      clearTimeout(cut);

      /** Whether nothing would be lost with this connection, so many milliseconds after the server was closed. */
      function standsStill(socket: Socket, ms: number): boolean {
        const running = [...connections.running(socket)];
        if (running.length === 0) return ms > HEAD_MS;
        if (ms > BODY_MS && running.some(({ request }) => !request.complete)) return true;
        const bytes = socket.writableLength;
        const before = unread.get(socket);
        if (before === undefined || before.bytes !== bytes) unread.set(socket, { bytes, since: ms });
        return bytes > 0 && before?.bytes === bytes && ms - before.since > READ_MS;
      }
    },
  };
}
