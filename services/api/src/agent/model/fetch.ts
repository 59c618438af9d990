import { TurnError } from "./errors.ts";

/** Most bytes of one model call's answer, after decompression: far above any sane answer, far below what memory holds. */
const ANSWER_MAX = 8 * 1024 * 1024;
/** Most bytes of an error's body; the library reads it whole. */
const ERROR_MAX = 64 * 1024;

/**
 * A `fetch` for an endpoint we don't trust: follows no redirect (the key would go wherever it points), and breaks an
 * answer off with `model_unavailable` when it grows beyond all measure.
 */
export async function modelFetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, { ...init, redirect: "error" });
  if (response.body === null) return response;
  const { status, statusText, headers } = response;
  const body = response.body.pipeThrough(atMost(response.ok ? ANSWER_MAX : ERROR_MAX));
  return new Response(body, { status, statusText, headers });
}

/** Fails the stream at the limit, which also cancels its source. */
function atMost(limit: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let size = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      size += chunk.byteLength;
      if (size <= limit) controller.enqueue(chunk);
      else controller.error(new TurnError("model_unavailable", "The model sent far too much at once. Try again."));
    },
  });
}
