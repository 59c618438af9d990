import { ProtocolErrorCode } from "@modelcontextprotocol/server";

/** JSON-RPC's code for errors of the implementation, which the MCP libraries use at the HTTP level. */
export const SERVER_ERROR = -32000;
export const { ParseError: PARSE_ERROR, InvalidRequest: INVALID_REQUEST } = ProtocolErrorCode;

/** An error answer in the shape MCP clients expect. Without an `id` the JSON-RPC error belongs to no request. */
export function jsonRpcError(
  status: number,
  code: number,
  message: string,
  { id, data, headers }: { id?: unknown; data?: unknown; headers?: Record<string, string> } = {},
): Response {
  const belongsTo = typeof id === "string" || typeof id === "number" ? id : null;
  return new Response(JSON.stringify({ jsonrpc: "2.0", error: { code, message, data }, id: belongsTo }), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
