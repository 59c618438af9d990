import { createRouteFinder, methodsOf, ROUTES } from "@taskassistant/contracts/routes";
import { accessLog, notFoundProblem, ProblemError, problemHandler, requestId } from "@taskassistant/kit/http";
import type { TokenVerifier } from "@taskassistant/kit/jwt";
import type { Logger } from "@taskassistant/kit/process";
import { Hono } from "hono";
import type { Neighbour } from "../neighbours.ts";
import type { ApiEnv, RouteDeps } from "./context.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { allowOrigins } from "./middleware/cors.ts";
import { ownPathOnly } from "./middleware/own-path.ts";
import { limitRate } from "./middleware/rate-limit.ts";
import { silentProblem, toProblem } from "./problems.ts";
import { GUARDED_ROUTES } from "./routes/index.ts";
import { openApiDocument } from "./routing/openapi.ts";
import { serveRoutes, userPatterns } from "./routing/serve.ts";

export interface AppDeps extends RouteDeps {
  readonly verifier: TokenVerifier<"api">;
  readonly corsOrigins: readonly string[];
  /** Maximum number of requests of one user per minute at this replica; 0 means no limit. */
  readonly requestsPerMinute: number;
  /** The neighbours that don't answer. */
  readonly silentNeighbours: () => Promise<readonly Neighbour[]>;
  readonly log: Logger;
}

const routes = Object.values(GUARDED_ROUTES);

/** The text of `docs/reference/openapi.gen.json`. */
export function renderOpenApi(): string {
  return `${JSON.stringify(openApiDocument(routes), null, 2)}\n`;
}

/**
 * The HTTP surface. Every request below `/api` passes, in this order: request id, CORS, token, rate, own path, scope. Then
 * its route checks path, query and body.
 */
export function createApp(deps: AppDeps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.onError(problemHandler(deps.log, toProblem));
  const findRoutes = createRouteFinder();
  app.notFound((c) => {
    const allow = methodsOf(findRoutes(c.req.path)).join(", ");
    if (allow === "") return notFoundProblem(c);
    throw new ProblemError("invalid_request", `Use ${allow} for this path.`, { status: 405, headers: { allow } });
  });

  app.use(requestId(), accessLog(deps.log));
  if (deps.corsOrigins.length > 0) app.use("/api/*", allowOrigins(deps.corsOrigins));
  const document = JSON.stringify(openApiDocument(routes));
  app.get(ROUTES.getOpenApi.path, (c) =>
    c.body(document, 200, { "content-type": "application/json", "cache-control": "no-cache" }),
  );
  app.get(ROUTES.getHealth.path, async (c) => {
    const silent = await deps.silentNeighbours();
    if (silent.length > 0) throw silentProblem(silent);
    return c.json({ status: "ok" }, 200, { "cache-control": "no-store" });
  });
  app.use("/api/*", authenticate(deps.verifier), limitRate(deps.requestsPerMinute));
  for (const pattern of userPatterns(Object.values(ROUTES))) app.use(pattern, ownPathOnly());
  serveRoutes(app, routes, deps);
  return app;
}
