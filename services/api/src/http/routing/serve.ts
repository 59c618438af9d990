import { namesUser, type RouteEntry } from "@taskassistant/contracts/routes";
import type { Hono } from "hono";
import type { ApiEnv, RouteDeps } from "../context.ts";
import { requireScope } from "../middleware/scope.ts";
import type { Route } from "./route.ts";

/** Serves the routes, each behind its scope. */
export function serveRoutes(app: Hono<ApiEnv>, routes: readonly Route[], deps: RouteDeps): void {
  for (const route of [...routes].sort(literalFirst)) {
    const { method, path, scope } = route.entry;
    const guards = scope === null ? [] : [requireScope(scope)];
    app.on(method, [toHono(path)], ...guards, (c) => route.respond(c, deps));
  }
}

/**
 * What lies below a user, as patterns for Hono: `/api/:user_id/tasks/*` for every path that names a user, so that paths
 * which are no routes are guarded as well.
 */
export function userPatterns(entries: readonly RouteEntry[]): string[] {
  const patterns = entries.filter(namesUser).map(({ path }) => {
    const segments = path.split("/");
    return toHono(`${segments.slice(0, segments.indexOf("{user_id}") + 2).join("/")}/*`);
  });
  return [...new Set(patterns)];
}

/** Hono serves the first route that matches, so `/tasks/count` has to come before `/tasks/{id}`. */
function literalFirst(a: Route, b: Route): number {
  const rank = ({ entry }: Route) => entry.path.replaceAll(/\{\w+\}/g, "\uFFFF");
  return rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0;
}

function toHono(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}
