import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { globSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { API_BODY_MAX, AUTH_BODY_MAX } from "@taskassistant/contracts/limits";
import { type Drain, guardServer } from "@taskassistant/kit/guard";
import { servePrecompressed } from "../static/precompressed.ts";

/** Node.js publishes each server of the process here when it listens. */
const CHANNEL = "tracing:net.server.listen:asyncEnd";

const KEY = Symbol.for("taskassistant.page-server");
const store = globalThis as typeof globalThis & { [KEY]?: Drain };

/** For answers to which nothing else gives a policy, such as the errors of Next.js. */
const CLOSED_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * Guards the HTTP server of Next.js from its first connection on. Next.js neither offers this nor exposes its server, so the
 * server is found when it listens on the port. Runs before Next.js is loaded; see `scripts/after-build.ts`.
 */
export function guardPages(port: number, staticFolder: string): void {
  const stored = new Set(globSync("**/*.{br,gz}", { cwd: staticFolder }));
  const onListen = (message: unknown): void => {
    const { server } = message as { server: Server };
    const address = server.address();
    if (address === null || typeof address === "string" || address.port !== port) return;
    unsubscribe(CHANNEL, onListen);
    store[KEY] = guardServer(server, { bodyMax });
    // Before the guard, whose refusals get the policy too.
    for (const event of ["request", "checkContinue"]) server.prependListener(event, closeAnswer);
    server.prependListener("request", servePrecompressed(stored));
  };
  subscribe(CHANNEL, onListen);
}

function closeAnswer(_request: IncomingMessage, response: ServerResponse): void {
  response.setHeader("content-security-policy", CLOSED_POLICY);
  response.setHeader("x-content-type-options", "nosniff");
}

/** The guarded server of the pages, which is stopped by it; undefined in development. */
export function pageServer(): Drain | undefined {
  return store[KEY];
}

/** Pages read no bodies, and Next.js would keep up to 10 MB of each. */
export function bodyMax(_method: string, path: string): number {
  if (path.startsWith("/api/auth/") || path === "/api/token") return AUTH_BODY_MAX;
  return path.startsWith("/api/") ? API_BODY_MAX : 0;
}
