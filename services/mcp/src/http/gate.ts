import type { Database } from "@taskassistant/db";
import { retryAfter } from "@taskassistant/kit/fetch";
import { type Budget, createResponseRoom } from "@taskassistant/kit/guard";
import { createRateLimit } from "@taskassistant/kit/http";
import { bearerToken, TokenError, type TokenVerifier } from "@taskassistant/kit/jwt";
import type { Logger } from "@taskassistant/kit/process";
import { z } from "zod";
import { audit } from "../audit.ts";
import { type Caller, callerOf } from "../caller.ts";
import { findTool } from "../tools/registry.ts";
import { insufficientScope, keysUnavailable, unauthorized } from "./challenge.ts";
import { jsonRpcError, SERVER_ERROR } from "./json-rpc-error.ts";

export interface GateDeps {
  db: Pick<Database, "appendAudit">;
  verifier: TokenVerifier<"mcp">;
  resourceMetadataUrl: string;
  /** Maximum number of requests of one user in a minute at this replica; no limit when 0. */
  requestsPerMinute: number;
  /** What the answers to all callers share. */
  answers: Budget;
  log: Logger;
}

export interface Gate {
  /** Who calls, or the refusal: 401 without a valid MCP token in the `Authorization` header, 429 for too many requests. */
  admit(request: Request, requestId: string): Promise<Caller | Response>;
  /** The refusal, 403 and audited, of a tool call whose scope the caller's token lacks; undefined for any other message. */
  refuseByScope(body: unknown, caller: Caller): Promise<Response | undefined>;
}

/** A tool call, as far as the scope check looks at it. */
const toolCallSchema = z.object({
  method: z.literal("tools/call"),
  params: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});

/** Checks token and rate before it reads anything of the request, and the scope once the body is read. */
export function createGate(deps: GateDeps): Gate {
  const perMinute = deps.requestsPerMinute;
  const rateLimit = createRateLimit(perMinute);

  const identify = async (request: Request, requestId: string): Promise<Caller | Response> => {
    const header = request.headers.get("authorization");
    const token = bearerToken(header);
    if (token === undefined) return unauthorized(deps.resourceMetadataUrl, header !== null);
    try {
      const claims = await deps.verifier.verify(token);
      return callerOf(claims, requestId, createResponseRoom(deps.answers, claims.sub));
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      deps.log.warn({ request_id: requestId, reason: error.reason }, "token refused");
      if (error.reason === "keys_unavailable") return keysUnavailable();
      return unauthorized(deps.resourceMetadataUrl, true);
    }
  };

  return {
    admit: async (request, requestId) => {
      const caller = await identify(request, requestId);
      const wait = caller instanceof Response ? undefined : rateLimit(caller.userId);
      if (wait === undefined) return caller;
      const message = `Too many requests; at most ${perMinute} a minute. Try again in ${wait} s.`;
      return jsonRpcError(429, SERVER_ERROR, message, { headers: retryAfter(wait) });
    },
    refuseByScope: async (body, caller) => {
      const call = toolCallSchema.safeParse(body);
      const tool = call.success ? findTool(call.data.params.name) : undefined;
      if (tool === undefined || caller.scopes.has(tool.scope)) return undefined;
      const refused = { tool, arguments: call.data?.params.arguments, caller };
      await audit(deps, refused, { outcome: "refused", reason: "insufficient_scope" });
      return insufficientScope(deps.resourceMetadataUrl, caller.scopes, tool.scope);
    },
  };
}
