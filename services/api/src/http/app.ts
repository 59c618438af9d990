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
import { cors } from "hono/cors";
import type { Turns } from "../runs/registry.ts";
import type { ApiEnv } from "./context.ts";
import { toProblem } from "./problems.ts";
import { authenticate, limitRate, ownPathOnly, requireScope } from "./middleware/authenticate.ts";
import { DOCUMENT_PATH, openApiDocument } from "./routing/openapi.ts";
import type { Route } from "./routing/route.ts";
import { chatRoute, serveChat } from "./routes/chat.ts";
import { conversationRoutes, serveConversations } from "./routes/conversations.ts";
import { meRoute, serveMe } from "./routes/me.ts";
import { serveTasks, taskRoutes } from "./routes/tasks.ts";

export type AppDeps = {
  db: Database;
  verifier: TokenVerifier<"api">;
  turns: Turns;
  model: Me["model"];
  corsOrigins: readonly string[];
  /** Most requests of one user in a minute at this replica; no limit when 0. */
  requestsPerMinute: number;
  log: Logger;
};

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
  serveChat(app, deps.turns);
  serveTasks(app, deps.db);
  return app;
}

/** Pages of listed origins may call with a bearer token. Never with cookies: those stay between browser and frontend. */
function allowOrigins(origins: readonly string[]) {
  return cors({
    origin: [...origins],
    credentials: false,
    allowMethods: ["GET", "POST", "PATCH", "DELETE"],
    allowHeaders: ["Authorization", "Content-Type", "If-Match", "If-None-Match", "X-Request-Id"],
    exposeHeaders: [
      "ETag",
      "Location",
      "Retry-After",
      "X-Request-Id",
      "X-Conversation-Id",
      "x-vercel-ai-ui-message-stream",
    ],
    maxAge: 600,
  });
}
