import { createHash } from "node:crypto";

/** Size and checksum of what passed. */
export interface Measured {
  bytes: number;
  /** Complete once everything has passed. */
  sha256(): string;
}

/** Counts and hashes the pieces on their way. */
export function measure(
  parts: AsyncIterable<Uint8Array>,
  note: (bytes: number) => void = () => {},
): { parts: AsyncIterable<Uint8Array>; measured: Measured } {
  const hash = createHash("sha256");
  let digest: string | undefined;
  const measured: Measured = {
    bytes: 0,
    sha256: () => {
      digest ??= hash.digest("hex");
      return digest;
    },
  };
  async function* passing(): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      hash.update(part);
      measured.bytes += part.byteLength;
      note(measured.bytes);
      yield part;
    }
  }
  return { parts: passing(), measured };
}

/** The pieces of one text. */
export async function* partsOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** The whole text, for small objects. Throws RangeError past the maximum, in bytes. */
export async function textOf(parts: AsyncIterable<Uint8Array>, maxBytes = 4 << 20): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of parts) {
    bytes += part.byteLength;
    if (bytes > maxBytes) throw new RangeError(`more than ${maxBytes} bytes`);
    pieces.push(part);
  }
  return Buffer.concat(pieces).toString("utf8");
}
