import { randomUUID } from "node:crypto";
import { createMiddleware } from "hono/factory";
import type { Logger } from "../process/logger.ts";

declare module "hono" {
  interface ContextVariableMap {
    requestId: string;
  }
}

/**
 * The forms that programs give their ids: UUID, hexadecimal digits of trace ids, ULID. A client can't put other words into the log
 * and into the audit.
 */
const ACCEPTED = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16}([0-9a-f]{16})?|[0-9A-HJKMNP-TV-Z]{26})$/;

/** The `X-Request-Id` of a request when it has the form of one, otherwise a new id. */
export function requestIdOf(headers: Headers): string {
  const given = headers.get("x-request-id");
  return given !== null && ACCEPTED.test(given) ? given : randomUUID();
}

/** Hono middleware: takes or creates the request id, keeps it in `c.get("requestId")`, and sends it back. */
export const requestId = () =>
  createMiddleware(async (c, next) => {
    const id = requestIdOf(c.req.raw.headers);
    c.set("requestId", id);
    await next();
    c.res.headers.set("x-request-id", id);
  });

/** Hono middleware: one log line for each answered request (method, path without query, status, duration in ms). */
export const accessLog = (log: Logger) =>
  createMiddleware(async (c, next) => {
    const started = performance.now();
    await next();
    const duration_ms = Math.round((performance.now() - started) * 10) / 10;
    log.info(
      { request_id: c.get("requestId"), method: c.req.method, path: c.req.path, status: c.res.status, duration_ms },
      "request",
    );
  });
