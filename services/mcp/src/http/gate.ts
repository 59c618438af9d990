import { bearerToken, type Logger, TokenError, type TokenVerifier } from "@taskassistant/kit";
import { type Caller, callerOf } from "../caller.ts";
import { keysUnavailable, unauthorized } from "./challenge.ts";

export type Gate = (request: Request, requestId: string) => Promise<Caller | Response>;

/** Lets in who brings a valid MCP token in the `Authorization` header; whatever else comes gets its refusal. */
export function createGate(deps: { verifier: TokenVerifier<"mcp">; resourceMetadataUrl: string; log: Logger }): Gate {
  return async (request, requestId) => {
    const header = request.headers.get("authorization");
    const token = bearerToken(header);
    if (token === undefined) return unauthorized(deps.resourceMetadataUrl, header !== null);
    try {
      return callerOf(await deps.verifier.verify(token), requestId);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      deps.log.warn({ request_id: requestId, reason: error.reason }, "token refused");
      if (error.reason === "keys_unavailable") return keysUnavailable();
      return unauthorized(deps.resourceMetadataUrl, true);
    }
  };
}
