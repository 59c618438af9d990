/**
 * The text of an answer of at most `maxBytes` bytes, as UTF-8. Throws when there is more, without reading the rest. Bytes
 * are counted after decompression, so an answer that unpacks to a giant is cut off as well.
 */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new Error(`the answer of ${response.url} is larger than ${maxBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
