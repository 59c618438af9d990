import { type Me, meSchema } from "@taskassistant/contracts";
import type { Hono } from "hono";
import type { ApiEnv } from "../context.ts";
import { defineRoute, serve } from "../routing/route.ts";
import { json, problems } from "../routing/schemas.ts";

/** `GET /api/me`. */
export const meRoute = defineRoute({
  method: "get",
  path: "/api/me",
  tag: "Account",
  summary: "Whom the token speaks for and what this assistant can do",
  answers: { 200: json("You.", meSchema), ...problems() },
});

export function serveMe(app: Hono<ApiEnv>, model: Me["model"]): void {
  serve(app, meRoute, (c) => c.json({ user_id: c.get("claims").sub, model } satisfies Me));
}
