import type { Me } from "@taskassistant/contracts";
import type { Database } from "@taskassistant/db";
import {
  accessLog,
  type Logger,
  notFoundProblem,
  problemHandler,
  requestId,
  type TokenVerifier,
} from "@taskassistant/kit";
import { Hono } from "hono";
import type { RunRegistry } from "../runs/registry.ts";
import type { ApiEnv } from "./context.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { allowOrigins } from "./middleware/cors.ts";
import { ownPathOnly } from "./middleware/own-path.ts";
import { limitRate } from "./middleware/rate-limit.ts";
import { requireScope } from "./middleware/scope.ts";
import { toProblem } from "./problems.ts";
import { chatRoute, serveChat } from "./routes/chat.ts";
import { conversationRoutes, serveConversations } from "./routes/conversations.ts";
import { meRoute, serveMe } from "./routes/me.ts";
import { serveTasks, taskRoutes } from "./routes/tasks.ts";
import { DOCUMENT_PATH, openApiDocument } from "./routing/openapi.ts";
import type { Route } from "./routing/route.ts";

export interface AppDeps {
  db: Database;
  verifier: TokenVerifier<"api">;
  runs: RunRegistry;
  model: Me["model"];
  corsOrigins: readonly string[];
  /** Maximum number of requests of one user per minute at this replica; 0 means no limit. */
  requestsPerMinute: number;
  log: Logger;
}

/** Every route, for the OpenAPI document. */
const ROUTES: readonly Route[] = [meRoute, ...conversationRoutes, chatRoute, ...taskRoutes];

/** The text of `docs/reference/openapi.gen.json`. */
export function renderOpenApi(): string {
  return `${JSON.stringify(openApiDocument(ROUTES), null, 2)}\n`;
}

/**
 * The HTTP surface. Every request below `/api` passes, in this order: request id, CORS, token, rate, own path, scope; then
 * its route checks path, query and body.
 */
export function createApp(deps: AppDeps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.onError(problemHandler(deps.log, toProblem));
  app.notFound(notFoundProblem);

  app.use(requestId(), accessLog(deps.log));
  if (deps.corsOrigins.length > 0) app.use("/api/*", allowOrigins(deps.corsOrigins));
  const document = JSON.stringify(openApiDocument(ROUTES));
  app.get(DOCUMENT_PATH, (c) =>
    c.body(document, 200, { "content-type": "application/json", "cache-control": "no-cache" }),
  );
  app.use("/api/*", authenticate(deps.verifier), limitRate(deps.requestsPerMinute));
  app.use("/api/:user_id/tasks/*", ownPathOnly());
  app.use("/api/*", requireScope());

  serveMe(app, deps.model);
  serveConversations(app, deps.db);
  serveChat(app, deps.runs);
  serveTasks(app, deps.db);
  return app;
}
