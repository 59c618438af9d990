import { retryAfter } from "@taskassistant/kit/fetch";
import { createRateLimit, ProblemError } from "@taskassistant/kit/http";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../context.ts";

/** Limits one user's requests per minute at this replica; 0 means no limit. Answers 429 with `Retry-After`. */
export const limitRate = (perMinute: number) => {
  const limit = createRateLimit(perMinute);
  return createMiddleware<ApiEnv>(async (c, next) => {
    const wait = limit(c.get("claims").sub);
    if (wait !== undefined) {
      throw new ProblemError("rate_limited", `Too many requests. Try again in ${wait} s.`, {
        headers: retryAfter(wait),
      });
    }
    await next();
  });
};
