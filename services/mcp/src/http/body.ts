import { isJsonContentType } from "@modelcontextprotocol/server";
import { isRecord, MCP_BODY_MAX } from "@taskassistant/contracts";
import { BodyTooLargeError, readText } from "@taskassistant/kit/fetch";
import { INVALID_REQUEST, jsonRpcError, PARSE_ERROR, SERVER_ERROR } from "./json-rpc-error.ts";

/** The JSON of a POST, or the refusal. Batches are refused: the protocol no longer has them, and one request could carry the work of many. */
export async function readBody(request: Request): Promise<{ body: Record<string, unknown> } | Response> {
  if (!isJsonContentType(request.headers.get("content-type"))) {
    return jsonRpcError(415, SERVER_ERROR, "Send JSON with Content-Type: application/json.");
  }
  try {
    const body: unknown = JSON.parse(await readText(request, MCP_BODY_MAX));
    if (Array.isArray(body))
      return jsonRpcError(400, INVALID_REQUEST, "Batches are not supported; send one message per request.");
    if (isRecord(body)) return { body };
    return jsonRpcError(400, INVALID_REQUEST, "The body is not a JSON-RPC message.");
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      return jsonRpcError(413, SERVER_ERROR, `The body is larger than ${MCP_BODY_MAX} bytes.`);
    }
    if (!(error instanceof SyntaxError)) throw error;
    return jsonRpcError(400, PARSE_ERROR, "The body is not JSON.");
  }
}
