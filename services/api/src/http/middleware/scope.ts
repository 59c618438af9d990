import { type Scope, scopesOf } from "@taskassistant/contracts";
import { ProblemError } from "@taskassistant/kit";
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../context.ts";

/** Requires `tasks:read` for reading and `tasks:write` for every change (RFC 6750, section 3.1). */
export const requireScope = () =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const needed: Scope = ["GET", "HEAD"].includes(c.req.method) ? "tasks:read" : "tasks:write";
    if (!scopesOf(c.get("claims")).has(needed)) {
      throw new ProblemError("forbidden", `This token does not carry the scope ${needed}.`, {
        headers: { "www-authenticate": `Bearer error="insufficient_scope", scope="${needed}"` },
      });
    }
    await next();
  });
