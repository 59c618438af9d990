import { ProblemError } from "@taskassistant/kit/http";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../context.ts";

/**
 * Requires that the user in the path is the token's user. It looks at nothing else, so the answer is the same for users
 * who exist and for users who don't.
 */
export const ownPathOnly = () =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (c.req.param("user_id") !== c.get("claims").sub) {
      throw new ProblemError("forbidden", "These are not your tasks.");
    }
    await next();
  });
