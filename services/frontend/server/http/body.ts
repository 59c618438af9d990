import { BodyTooLargeError, bodyChunks } from "@taskassistant/kit/fetch";

/**
 * The body as a stream of at most `maxBytes`, because Next.js passes bodies of any size to routes. Throws
 * `BodyTooLargeError` if the announced length is larger; otherwise the stream fails as `bodyChunks` does.
 */
export function cappedBody(request: Request, maxBytes: number): ReadableStream<Uint8Array> | null {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw new BodyTooLargeError(maxBytes);
  if (request.body === null) return null;
  const chunks = bodyChunks(request, maxBytes);
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    // A chunk may still be awaited, and nobody has to wait for it.
    cancel: () => void chunks.return(undefined),
  });
}
