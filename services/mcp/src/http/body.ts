import { isJsonContentType } from "@modelcontextprotocol/server";
import { INVALID_REQUEST, jsonRpcError, PARSE_ERROR, SERVER_ERROR } from "./json-rpc-error.ts";

/** Largest body, in bytes. */
export const BODY_MAX = 1024 * 1024;

/** The JSON of a POST, or the refusal. Batches are refused: the protocol gave them up, and one would multiply the work. */
export async function readBody(request: Request): Promise<{ body: unknown } | Response> {
  if (!isJsonContentType(request.headers.get("content-type"))) {
    return jsonRpcError(415, SERVER_ERROR, "Send JSON with Content-Type: application/json.");
  }
  const text = await readText(request);
  if (text === undefined) return jsonRpcError(413, SERVER_ERROR, `The body is larger than ${BODY_MAX} bytes.`);
  try {
    const body: unknown = JSON.parse(text);
    if (Array.isArray(body))
      return jsonRpcError(400, INVALID_REQUEST, "Batches are not supported; send one message a request.");
    if (typeof body === "object" && body !== null) return { body };
    return jsonRpcError(400, INVALID_REQUEST, "The body is not a JSON-RPC message.");
  } catch {
    return jsonRpcError(400, PARSE_ERROR, "The body is not JSON.");
  }
}

/** undefined when it is too large; the rest is not read then. */
async function readText(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > BODY_MAX) return undefined;
  // What says its length is cut off there by HTTP itself; the rest is counted.
  if (request.headers.has("content-length")) return request.text();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > BODY_MAX) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
