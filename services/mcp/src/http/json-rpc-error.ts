import { ProtocolErrorCode } from "@modelcontextprotocol/server";

/** JSON-RPC's code for errors of the implementation, which the MCP libraries use at the HTTP level. */
export const SERVER_ERROR = -32000;
export const { ParseError: PARSE_ERROR, InvalidRequest: INVALID_REQUEST } = ProtocolErrorCode;

/** An HTTP error answer in the shape MCP clients expect: a JSON-RPC error that belongs to no request. */
export function jsonRpcError(
  status: number,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify({ jsonrpc: "2.0", error: { code, message }, id: null }), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store", ...headers },
  });
}
