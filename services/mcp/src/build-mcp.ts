import type { Database } from "@taskassistant/db";
import {
  accessLog,
  createRateLimit,
  type Logger,
  notFoundProblem,
  problemHandler,
  requestId,
  type TokenVerifier,
} from "@taskassistant/kit";
import { Hono } from "hono";
import { z } from "zod";
import type { Caller } from "./caller.ts";
import { readBody } from "./http/body.ts";
import { insufficientScope } from "./http/challenge.ts";
import { createGate } from "./http/gate.ts";
import { createGuard } from "./http/guards.ts";
import { jsonRpcError, SERVER_ERROR } from "./http/json-rpc-error.ts";
import { METADATA_PATHS, resourceMetadata, resourceMetadataUrl } from "./http/resource-metadata.ts";
import { createProtocolHandler } from "./protocol/handler.ts";
import { audit } from "./tools/call-tool.ts";
import { findTool } from "./tools/registry.ts";

export type McpDeps = {
  db: Pick<Database, "asUser" | "appendAudit">;
  verifier: TokenVerifier<"mcp">;
  /** `BETTER_AUTH_URL`: who issues the tokens; the resource is `<issuer>/mcp`. */
  issuer: string;
  /** Host names the service is reached by, without ports. */
  allowedHosts: readonly string[];
  /** Most requests of one user in a minute at this replica; no limit when 0 or missing. */
  requestsPerMinute?: number;
  log: Logger;
};

export type Mcp = {
  /** A web-standard handler: over HTTP or, for an embedded server, called directly. The token is checked either way. */
  fetch(request: Request): Promise<Response>;
  close(): Promise<void>;
};

/** A tool call, as far as the scope check looks at it. */
const toolCallSchema = z.object({
  method: z.literal("tools/call"),
  params: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});

/**
 * The MCP server: `POST /mcp` behind its guards, and the protected-resource metadata. The order is: host and origin,
 * token, rate, body, scope, then the protocol.
 */
export function buildMcp(deps: McpDeps): Mcp {
  const { log, issuer } = deps;
  const metadataUrl = resourceMetadataUrl(issuer);
  const guard = createGuard([...deps.allowedHosts, new URL(issuer).hostname]);
  const gate = createGate({ verifier: deps.verifier, resourceMetadataUrl: metadataUrl, log });
  const perMinute = deps.requestsPerMinute ?? 0;
  const rateLimit = createRateLimit(perMinute);
  const protocol = createProtocolHandler(deps);

  const refusedByScope = async (body: unknown, caller: Caller): Promise<Response | undefined> => {
    const call = toolCallSchema.safeParse(body);
    const tool = call.success ? findTool(call.data.params.name) : undefined;
    if (tool === undefined || caller.scopes.has(tool.scope)) return undefined;
    const refused = { tool, arguments: call.data?.params.arguments, caller };
    await audit(deps, refused, { outcome: "refused", reason: "insufficient_scope" });
    return insufficientScope(metadataUrl, caller.scopes, tool.scope);
  };

  const app = new Hono();
  app.use(requestId(), accessLog(log));
  for (const path of METADATA_PATHS) app.get(path, () => resourceMetadata(issuer));
  app.all("/mcp", async (c) => {
    const request = c.req.raw;
    const refused = guard(request);
    if (refused !== undefined) return refused;
    const caller = await gate(request, c.get("requestId"));
    if (caller instanceof Response) return caller;
    const wait = rateLimit(caller.userId);
    if (wait !== undefined) {
      const message = `Too many requests; at most ${perMinute} a minute. Try again in ${wait} s.`;
      return jsonRpcError(429, SERVER_ERROR, message, { "retry-after": String(wait) });
    }
    if (request.method !== "POST") {
      return jsonRpcError(405, SERVER_ERROR, "There are no sessions and no streams here; use POST.", { allow: "POST" });
    }
    const read = await readBody(request);
    if (read instanceof Response) return read;
    return (await refusedByScope(read.body, caller)) ?? protocol.handle(request, read.body, caller);
  });
  app.notFound(notFoundProblem);
  app.onError(problemHandler(log));
  return { fetch: async (request) => app.fetch(request), close: () => protocol.close() };
}
