/** The body of a request did not arrive as it may be. The sender's doing. */
export abstract class BodyError extends Error {}

/** The body is larger than it may be. */
export class BodyTooLargeError extends BodyError {
  override readonly name = "BodyTooLargeError";
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the body is larger than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** The sender went away, or broke the rules of HTTP, before the whole body was here. */
export class BodyCutError extends BodyError {
  override readonly name = "BodyCutError";

  constructor(cause: unknown) {
    super("the body ended before it was complete", { cause });
  }
}

/**
 * The body of a request, chunk by chunk and at most `maxBytes` of it. Fails with `BodyTooLargeError` when there is more and
 * with `BodyCutError` when it ends early. What is left is neither read nor cancelled: cancelling would close the connection
 * before the refusal is sent.
 */
export async function* bodyChunks(request: Request, maxBytes: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const chunks = request.body?.values({ preventCancel: true });
  let size = 0;
  while (chunks !== undefined) {
    const next = await chunks.next().catch((cause: unknown) => {
      throw new BodyCutError(cause);
    });
    if (next.done === true) return;
    size += next.value.byteLength;
    if (size > maxBytes) throw new BodyTooLargeError(maxBytes);
    yield next.value;
  }
}

/**
 * The text, as UTF-8, of a request to us or an answer to us of at most `maxBytes` bytes. Throws `BodyTooLargeError` when
 * there is more, announced or not, without reading the rest, and `BodyCutError` when a request's body ends early. Bytes of
 * an answer are counted after decompression, so one that unpacks to a giant is cut off as well.
 */
export async function readText(source: Request | Response, maxBytes: number): Promise<string> {
  if (source instanceof Request) return readRequest(source, maxBytes);
  let size = 0;
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of source.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new BodyTooLargeError(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function readRequest(request: Request, maxBytes: number): Promise<string> {
  const length = request.headers.get("content-length");
  if (length !== null) {
    if (Number(length) > maxBytes) throw new BodyTooLargeError(maxBytes);
    // HTTP itself cuts a request off where it said that it ends.
    return request.text().catch((cause: unknown) => {
      throw new BodyCutError(cause);
    });
  }
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of bodyChunks(request, maxBytes)) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}
