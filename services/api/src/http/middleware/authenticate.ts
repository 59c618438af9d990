import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { ProblemError } from "@taskassistant/kit/http";
import { bearerToken, TokenError, type TokenVerifier } from "@taskassistant/kit/jwt";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../context.ts";

/**
 * Lets a request with a valid API token pass (RFC 6750). Without one it answers 401 before it reads the body or the
 * database. It answers 503 when the issuer's keys have never been loaded, since no token can be checked then.
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
          headers: retryAfter(WAIT_SECONDS.dependency),
          cause: error,
        });
      }
      throw unauthorized('Bearer error="invalid_token"', error);
    }
    c.set("token", token);
    await next();
  });

function unauthorized(challenge: string, cause?: unknown): ProblemError {
  return new ProblemError("unauthorized", "Sign in first, or send a valid API token.", {
    headers: { "www-authenticate": challenge },
    cause,
  });
}
