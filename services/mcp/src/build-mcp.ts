import type { Database } from "@taskassistant/db";
import { createResponseBudget } from "@taskassistant/kit/guard";
import { accessLog, notFoundProblem, problemHandler, requestId } from "@taskassistant/kit/http";
import type { TokenVerifier } from "@taskassistant/kit/jwt";
import type { Logger } from "@taskassistant/kit/process";
import { Hono } from "hono";
import { auditIfUnseen } from "./audit.ts";
import { refuseUnreadable } from "./http/accept.ts";
import { createWithBody } from "./http/body.ts";
import { preflight, readableBy } from "./http/cors.ts";
import { createGate } from "./http/gate.ts";
import { holdAnswer } from "./http/held-answer.ts";
import { hostAndOriginCheck } from "./http/host-and-origin.ts";
import { jsonRpcError, SERVER_ERROR } from "./http/json-rpc-error.ts";
import { METADATA_PATHS, resourceMetadata, resourceMetadataUrl } from "./http/resource-metadata.ts";
import { createProtocolHandler } from "./protocol/handler.ts";

export interface McpDeps {
  db: Pick<Database, "asUser" | "appendAudit">;
  verifier: TokenVerifier<"mcp">;
  /** `BETTER_AUTH_URL`: who issues the tokens; the resource is `<issuer>/mcp`. */
  issuer: string;
  /** Host names the service is reached by, without ports. */
  allowedHosts: readonly string[];
  /** Maximum number of requests of one user in a minute at this replica; no limit when 0 or missing. */
  requestsPerMinute?: number;
  log: Logger;
}

export interface Mcp {
  /** A web-standard handler: over HTTP or, for an embedded server, called directly. The token is checked either way. */
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
}

const METHODS = "POST, OPTIONS";

/**
 * The MCP server: `POST /mcp` behind its guards, and the protected-resource metadata. The order is: host and origin,
 * token, rate, body, scope, then the protocol. A final slash is served too, because clients don't follow a redirect.
 */
export function buildMcp(deps: McpDeps): Mcp {
  const { log, issuer } = deps;
  const refuseHostOrOrigin = hostAndOriginCheck([...deps.allowedHosts, new URL(issuer).hostname]);
  const gate = createGate({
    db: deps.db,
    verifier: deps.verifier,
    resourceMetadataUrl: resourceMetadataUrl(issuer),
    requestsPerMinute: deps.requestsPerMinute ?? 0,
    answers: createResponseBudget(),
    log,
  });
  const protocol = createProtocolHandler(deps);
  const withBody = createWithBody();

  const app = new Hono();
  app.use(requestId(), accessLog(log));
  for (const path of METADATA_PATHS) {
    app.get(path, () => resourceMetadata(issuer));
    app.options(path, (c) => preflight(c.req.raw, "*", "GET, OPTIONS"));
  }

  const answer = async (request: Request, requestId: string): Promise<Response> => {
    const caller = await gate.admit(request, requestId);
    if (caller instanceof Response) return caller;
    if (request.method !== "POST") {
      const message = "There are no sessions and no streams here; use POST.";
      return jsonRpcError(405, SERVER_ERROR, message, { headers: { allow: METHODS } });
    }
    const unreadable = refuseUnreadable(request);
    if (unreadable !== undefined) return unreadable;
    return withBody(request, caller.userId, async (body) => {
      try {
        const answered = (await gate.refuseByScope(body, caller)) ?? (await protocol.handle(request, body, caller));
        await auditIfUnseen(deps, body, caller);
        return await holdAnswer(answered, caller.room);
      } finally {
        caller.room.release();
      }
    });
  };
  for (const path of ["/mcp", "/mcp/"]) {
    app.all(path, async (c) => {
      const request = c.req.raw;
      const refused = refuseHostOrOrigin(request);
      if (refused !== undefined) return refused;
      const origin = request.headers.get("origin");
      if (request.method === "OPTIONS") return preflight(request, origin, METHODS);
      return readableBy(origin, await answer(request, c.get("requestId")));
    });
  }
  app.notFound(notFoundProblem);
  app.onError(problemHandler(log));
  return { fetch: async (request) => app.fetch(request), close: () => protocol.close() };
}
