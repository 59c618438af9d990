import { BodyTooLargeError } from "@taskassistant/kit/fetch";

/**
 * The body, chunk by chunk and at most `maxBytes` of it, because Next.js passes bodies of any size to routes. Throws
 * `BodyTooLargeError` if the announced length is larger. A body without an announced length fails with the same error
 * while it is read. The rest is neither read nor cancelled: cancelling would close the connection before the refusal is
 * sent.
 */
export function cappedBody(request: Request, maxBytes: number): ReadableStream<Uint8Array> | null {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw new BodyTooLargeError(maxBytes);
  let size = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      size += chunk.byteLength;
      if (size > maxBytes) controller.error(new BodyTooLargeError(maxBytes));
      else controller.enqueue(chunk);
    },
  });
  return request.body?.pipeThrough(counter, { preventCancel: true }) ?? null;
}
