import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** One request that is being answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** The connections of one server and what each of them does. */
export interface Connections {
  /** Takes note of a request and of the end of its answer. */
  track(exchange: Exchange): void;
  /** The requests of this connection that are being answered. */
  running(socket: Socket): ReadonlySet<Exchange>;
  all(): Iterable<Socket>;
  /** Requests that are being answered, on all connections. */
  answers(): Iterable<Exchange>;
}

const NONE: ReadonlySet<Exchange> = new Set();

/**
 * Follows the connections of a server, whatever becomes of them: Node.js forgets those that were upgraded, and counts those that
 * have sent nothing yet as busy. Beyond `max` connections, the one that has been without a request for longest is closed.
 */
export function followConnections(server: Server, max: number): Connections {
  const busy = new Map<Socket, Set<Exchange>>();
  /** Without a request; the one that is so for longest comes first. */
  const idle = new Set<Socket>();

  server.on("connection", (socket: Socket) => {
    idle.add(socket);
    socket.once("close", () => {
      idle.delete(socket);
      busy.delete(socket);
    });
    if (idle.size + busy.size > max) idle.values().next().value?.destroy();
  });

  function track(exchange: Exchange): void {
    const { request, response } = exchange;
    const { socket } = request;
    const running = busy.get(socket) ?? new Set();
    busy.set(socket, running.add(exchange));
    idle.delete(socket);
    response.once("close", () => {
      running.delete(exchange);
      if (running.size > 0 || socket.destroyed) return;
      busy.delete(socket);
      idle.add(socket);
    });
  }

  return {
    track,
    running: (socket) => busy.get(socket) ?? NONE,
    all: () => [...idle, ...busy.keys()],
    *answers() {
      for (const running of busy.values()) yield* running;
    },
  };
}
