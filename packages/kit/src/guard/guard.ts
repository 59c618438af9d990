import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { retryAfter, WAIT_SECONDS } from "../fetch/retry-after.ts";
import { createBudget } from "./budget.ts";
import { type Connections, followConnections } from "./connections.ts";
import { createDrain, type Drain } from "./drain.ts";
import { ALLOW, announcedBytes, refusalOf, refuse } from "./refusal.ts";
import { refusalOfTarget, useOrdinaryForm } from "./target.ts";

/** Longer than the idle timeout of common load balancers (60 s), so that they are the ones to close a connection. */
const KEEP_ALIVE_MS = 75_000;
/** Maximum time for the head of a request, and for a whole request, in milliseconds. */
const HEAD_MS = 20_000;
const REQUEST_MS = 60_000;
/** How long an unfinished body keeps its place when there are too many, in milliseconds. */
const BODY_HOLD_MS = 2_000;

export interface GuardLimits {
  /** Maximum number of connections. */
  readonly connections: number;
  /** Maximum number of requests of one connection that are being answered. */
  readonly pipelined: number;
  /** Maximum size of all bodies that are being received, in bytes. */
  readonly bodies: number;
  /** How long a reader may take nothing of an answer that waits for it, in milliseconds. */
  readonly stallMs: number;
}

const LIMITS: GuardLimits = { connections: 4_000, pipelined: 32, bodies: 24 * 1024 * 1024, stallMs: 30_000 };
/** Counted for a body whose length is not known before its end, and at most for any other, in bytes. */
const BODY_ASSUMED = 192 * 1024;

export interface GuardOptions {
  /** Maximum size of the body of a request to this path, in bytes; 0 where nobody reads it. */
  readonly bodyMax: (method: string, path: string) => number;
  readonly limits?: Partial<GuardLimits>;
}

/**
 * Stands between a server's connections and its handlers. It answers what no handler should see: bodies that nobody reads,
 * methods that are not served. It never switches protocols, so a request to upgrade is answered like any other (RFC 9110,
 * section 7.8). It bounds what all clients together make the process hold, and the slow give way: unfinished bodies, answers
 * that nobody takes, connections without a request. Returns the way to stop the server.
 */
export function guardServer(server: Server, options: GuardOptions): Drain {
  const limits = { ...LIMITS, ...options.limits };
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEAD_MS;
  server.requestTimeout = REQUEST_MS;
  const connections = followConnections(server, limits.connections);
  const drain = createDrain(server, connections);
  const bodies = createBudget({ bytes: limits.bodies, holdMs: BODY_HOLD_MS });
  const handlers = server.listeners("request") as RequestListener[];
  server.removeAllListeners("request");
  server.removeAllListeners("upgrade");
  server.on("request", (request, response) => {
    if (admit(request, response)) serve(request, response);
  });
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (!admit(request, response)) return;
    response.writeContinue();
    serve(request, response);
  });
  server.on("connect", (_request: IncomingMessage, socket: Socket) => refuseTunnel(socket));
  closeStalled(server, connections, limits.stallMs);
  return drain;

  function admit(request: IncomingMessage, response: ServerResponse): boolean {
    connections.track({ request, response });
    drain.track(response);
    // An answer would have to wait for those before it.
    if (connections.running(request.socket).size > limits.pipelined) {
      request.socket.destroy();
      return false;
    }
    useOrdinaryForm(request);
    const refusal = refusalOf(request, options.bodyMax) ?? refusalOfTarget(request) ?? overloadOf(request, response);
    if (refusal !== undefined) refuse(request, response, refusal);
    return refusal === undefined;
  }

  function overloadOf(request: IncomingMessage, response: ServerResponse) {
    const bytes = announcedBytes(request.headers);
    if (bytes === 0) return undefined;
    const size = Math.min(bytes ?? BODY_ASSUMED, BODY_ASSUMED);
    const giveBack = bodies.take("", size, () => request.socket.destroy());
    if (giveBack === undefined) return busy("Too much is being sent to this server right now. Try again in a moment.");
    request.once("end", giveBack).once("close", giveBack);
    response.once("close", giveBack);
    return undefined;
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    for (const handle of handlers) handle.call(server, request, response as Parameters<RequestListener>[1]);
  }
}

function busy(detail: string) {
  return { status: 503, code: "unavailable", detail, headers: retryAfter(WAIT_SECONDS.uploads) } as const;
}

function refuseTunnel(socket: Socket): void {
  socket.on("error", () => undefined);
  socket.end(
    `HTTP/1.1 405 Method Not Allowed\r\nallow: ${ALLOW.allow}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`,
  );
  socket.setTimeout(1_000, () => socket.destroy());
}

/**
 * Closes connections that stand still: without a request, or with an answer that their reader does not take. One whose
 * answer is still being made may be silent.
 */
function closeStalled(server: Server, connections: Connections, stallMs: number): void {
  server.timeout = stallMs;
  server.on("timeout", (socket: Socket) => {
    const working = connections.running(socket).size > 0 && socket.writableLength === 0;
    if (!working) socket.destroy();
  });
}
