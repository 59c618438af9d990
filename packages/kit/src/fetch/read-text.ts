/** The body is larger than it may be. */
export class BodyTooLargeError extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the body is larger than ${maxBytes} bytes`);
    this.name = "BodyTooLargeError";
    this.maxBytes = maxBytes;
  }
}

/**
 * The text, as UTF-8, of a request to us or an answer to us of at most `maxBytes` bytes. Throws `BodyTooLargeError` when
 * there is more, announced or not, without reading the rest. Bytes of an answer are counted after decompression, so one
 * that unpacks to a giant is cut off as well.
 */
export async function readText(source: Request | Response, maxBytes: number): Promise<string> {
  const length = source.headers.get("content-length");
  if (length !== null && source instanceof Request) {
    if (Number(length) > maxBytes) throw new BodyTooLargeError(maxBytes);
    // HTTP itself cuts a request off where it said that it ends.
    return source.text();
  }
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of source.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new BodyTooLargeError(maxBytes);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
