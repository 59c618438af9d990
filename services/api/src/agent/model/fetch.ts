import { ModelError } from "./errors.ts";

/** Maximum size of one answer, in bytes after decompression: far above any sane answer, far below what memory holds. */
const ANSWER_MAX = 8 * 1024 * 1024;
/** Maximum size of an error's body, in bytes; the library reads all of it. */
const ERROR_MAX = 64 * 1024;

/**
 * A `fetch` for an endpoint that is not trusted. It follows no redirect, since the key would go wherever that points, and
 * it fails with `model_unavailable` when an answer grows too large.
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
      else controller.error(new ModelError("model_unavailable", "The model sent far too much at once. Try again."));
    },
  });
}
