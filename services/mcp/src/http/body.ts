import { isJsonContentType } from "@modelcontextprotocol/server";
import { isRecord } from "@taskassistant/contracts";
import { BodyTooLargeError, readText } from "@taskassistant/kit";
import { INVALID_REQUEST, jsonRpcError, PARSE_ERROR, SERVER_ERROR } from "./json-rpc-error.ts";

/** Largest body, in bytes. */
export const BODY_MAX = 1024 * 1024;

/** The JSON of a POST, or the refusal. Batches are refused: the protocol gave them up, and one would multiply the work. */
export async function readBody(request: Request): Promise<{ body: unknown } | Response> {
  if (!isJsonContentType(request.headers.get("content-type"))) {
    return jsonRpcError(415, SERVER_ERROR, "Send JSON with Content-Type: application/json.");
  }
  try {
    const body: unknown = JSON.parse(await readText(request, BODY_MAX));
    if (Array.isArray(body))
      return jsonRpcError(400, INVALID_REQUEST, "Batches are not supported; send one message a request.");
    if (isRecord(body)) return { body };
    return jsonRpcError(400, INVALID_REQUEST, "The body is not a JSON-RPC message.");
  } catch (error) {
    if (error instanceof BodyTooLargeError) {
      return jsonRpcError(413, SERVER_ERROR, `The body is larger than ${BODY_MAX} bytes.`);
    }
    if (!(error instanceof SyntaxError)) throw error;
    return jsonRpcError(400, PARSE_ERROR, "The body is not JSON.");
  }
}
