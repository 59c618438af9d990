import { isJsonContentType } from "@modelcontextprotocol/server";
import { isRecord } from "@taskassistant/contracts";
import { MCP_BODY_MAX } from "@taskassistant/contracts/limits";
import { BodyCutError, BodyTooLargeError, readText, retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import { createHoldBody, type HoldBody } from "@taskassistant/kit/guard";
import { INVALID_REQUEST, jsonRpcError, PARSE_ERROR, SERVER_ERROR } from "./json-rpc-error.ts";

/**
 * All bodies that are being received or worked on, and those of one user, in bytes. JSON can take twenty times as much memory
 * once it is parsed, and a call that waits for the database keeps it.
 */
const BODIES_MAX = 4 * 1024 * 1024;
const BODIES_OF_USER_MAX = 2 * 1024 * 1024;

/** Works on the JSON of a POST. Gives the answer of `work`, or the refusal of a body that is no message or finds no room. */
export type WithBody = (
  request: Request,
  userId: string,
  work: (body: Record<string, unknown>) => Promise<Response>,
) => Promise<Response>;

/** The bodies of all requests share a budget, from their first byte until they are answered. */
export function createWithBody(
  holdBody: HoldBody = createHoldBody({ bytes: BODIES_MAX, bytesPerUser: BODIES_OF_USER_MAX }),
): WithBody {
  return async (request, userId, work) => {
    if (Number(request.headers.get("content-length") ?? 0) > MCP_BODY_MAX) return tooLarge();
    const place = holdBody(userId, request.headers, MCP_BODY_MAX);
    if (place === undefined) return noRoom();
    try {
      const read = await Promise.race([readBody(request), place.gaveWay.then(noRoom)]);
      return read instanceof Response ? read : await work(read.body);
    } finally {
      place.giveBack();
    }
  };
}

/**
 * The message, or the refusal. Batches are refused: the protocol no longer has them, and one request could carry the work of
 * many.
 */
async function readBody(request: Request): Promise<{ body: Record<string, unknown> } | Response> {
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
    if (error instanceof BodyTooLargeError) return tooLarge();
    if (error instanceof BodyCutError) return jsonRpcError(400, PARSE_ERROR, "The body ended before it was complete.");
    if (!(error instanceof SyntaxError)) throw error;
    return jsonRpcError(400, PARSE_ERROR, "The body is not JSON.");
  }
}

function tooLarge(): Response {
  return jsonRpcError(413, SERVER_ERROR, `The body is larger than ${MCP_BODY_MAX} bytes.`);
}

function noRoom(): Response {
  const message = "Too many large requests are being worked on. Wait for yours, and try again in a moment.";
  return jsonRpcError(503, SERVER_ERROR, message, { headers: retryAfter(WAIT_SECONDS.uploads) });
}
