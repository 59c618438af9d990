import { type Scope, scopesOf } from "@taskassistant/contracts";
import { bearerToken, createRateLimit, ProblemError, TokenError, type TokenVerifier } from "@taskassistant/kit";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../context.ts";

/**
 * Lets a request with a valid API token pass (RFC 6750): 401 without one, and nothing is read of the body or the database
 * before. 503 when the key set was never to be had: then nobody can tell good from bad.
 */
export const authenticate = (verifier: TokenVerifier<"api">) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const token = bearerToken(c.req.header("authorization"));
    if (token === undefined) throw unauthorized("Bearer");
    try {
      c.set("claims", await verifier.verify(token));
    } catch (error) {
      if (error instanceof TokenError && error.reason === "keys_unavailable") {
        throw new ProblemError("unavailable", "Sign-ins can't be checked right now. Try again in a moment.", {
          headers: { "retry-after": "5" },
          cause: error,
        });
      }
      throw unauthorized('Bearer error="invalid_token"', error);
    }
    c.set("token", token);
    await next();
  });

/** At most so many requests of one user in a minute at this replica; no limit when 0. 429 with `Retry-After`. */
export const limitRate = (perMinute: number) => {
  const limit = createRateLimit(perMinute);
  return createMiddleware<ApiEnv>(async (c, next) => {
    const wait = limit(c.get("claims").sub);
    if (wait !== undefined) {
      throw new ProblemError("rate_limited", `Too many requests. Try again in ${wait} s.`, {
        headers: { "retry-after": String(wait) },
      });
    }
    await next();
  });
};

/** The path's user must be the token's. Looks at nothing else, so that the answer tells nothing about other users. */
export const ownPathOnly = () =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (c.req.param("user_id") !== c.get("claims").sub) throw forbidden("These are not your tasks.");
    await next();
  });

/** Reading needs `tasks:read`, every change `tasks:write` (RFC 6750, section 3.1). */
export const requireScope = () =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const needed: Scope = ["GET", "HEAD"].includes(c.req.method) ? "tasks:read" : "tasks:write";
    if (!scopesOf(c.get("claims")).has(needed)) {
      throw forbidden(
        `This token does not carry the scope ${needed}.`,
        `Bearer error="insufficient_scope", scope="${needed}"`,
      );
    }
    await next();
  });

function unauthorized(challenge: string, cause?: unknown): ProblemError {
  return new ProblemError("unauthorized", "Sign in first, or send a valid API token.", {
    headers: { "www-authenticate": challenge },
    cause,
  });
}

function forbidden(detail: string, challenge?: string): ProblemError {
  return new ProblemError(
    "forbidden",
    detail,
    challenge === undefined ? {} : { headers: { "www-authenticate": challenge } },
  );
}
