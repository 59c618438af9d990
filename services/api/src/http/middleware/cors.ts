import { methodsOf, ROUTES } from "@taskassistant/contracts/routes";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";

const REQUEST_HEADERS = ["Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-Id"];
const RESPONSE_HEADERS = [
  "ETag",
  "Location",
  "Retry-After",
  "X-Request-Id",
  "X-Conversation-Id",
  "x-vercel-ai-ui-message-stream",
];
/** How long a browser may remember a preflight answer, in seconds. */
const MAX_AGE_SECONDS = 600;

/**
 * Lets pages of the listed origins (`CORS_ORIGINS`) call the API with a bearer token. Cookies are never accepted: those
 * stay between browser and frontend.
 */
export function allowOrigins(origins: readonly string[]): MiddlewareHandler {
  return cors({
    origin: [...origins],
    credentials: false,
    allowMethods: [...methodsOf(Object.values(ROUTES))],
    allowHeaders: REQUEST_HEADERS,
    exposeHeaders: RESPONSE_HEADERS,
    maxAge: MAX_AGE_SECONDS,
  });
}
