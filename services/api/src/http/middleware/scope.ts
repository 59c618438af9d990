import { type Scope, scopesOf } from "@taskassistant/contracts";
import { ProblemError } from "@taskassistant/kit/http";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../context.ts";

/** Requires that the token carries a scope (RFC 6750, section 3.1). */
export const requireScope = (scope: Scope) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    if (!scopesOf(c.get("claims")).has(scope)) {
      throw new ProblemError("forbidden", `This token does not carry the scope ${scope}.`, {
        headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${scope}"` },
      });
    }
    await next();
  });
