import { retryAfter, WAIT_SECONDS } from "@taskassistant/kit/fetch";
import type { ResponseRoom } from "@taskassistant/kit/guard";
import { jsonRpcError, SERVER_ERROR } from "./json-rpc-error.ts";

const MESSAGE =
  "Too many answers wait to be read, and this one was dropped. Read those you asked for and try again in a moment. If you asked for a change, look first: it may have been made.";

/**
 * Keeps answers that their readers don't take from filling the memory: without room for it, an answer is replaced by a 503.
 * Streams pass, since they grow only as they are read.
 */
export async function holdAnswer(answer: Response, room: ResponseRoom): Promise<Response> {
  if (!answer.headers.get("content-type")?.startsWith("application/json")) return answer;
  const { status } = answer;
  const headers = Object.fromEntries(answer.headers);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return (
    room.respond(bytes, { status, headers }) ??
    jsonRpcError(503, SERVER_ERROR, MESSAGE, { headers: retryAfter(WAIT_SECONDS.readers) })
  );
}
