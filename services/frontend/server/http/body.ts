import { BodyTooLargeError } from "@taskassistant/kit/fetch";

/**
 * The body, chunk by chunk, never more than `maxBytes` of it: Next.js gives routes bodies of any size. Throws
 * `BodyTooLargeError` when more is announced; a body that says nothing of its length ends with that error. What comes
 * after is left unread and not cancelled, since cancelling would cut the connection before the refusal is out.
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
