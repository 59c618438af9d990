import type { Writable } from "node:stream";

/**
 * Writes the pieces to a program's input as fast as it takes them, and closes it. Pieces that a program doesn't want any more
 * are read all the same unless `untilClosed`. Throws what reading throws.
 */
export async function feed(
  input: Writable | null,
  parts: AsyncIterable<Uint8Array>,
  { untilClosed = false, keepOpen = false } = {},
): Promise<void> {
  for await (const part of parts) {
    if (!isOpen(input)) {
      if (untilClosed) return;
      continue;
    }
    if (!input.write(part)) await drained(input);
  }
  if (!keepOpen && isOpen(input)) input.end();
}

function isOpen(input: Writable | null): input is Writable {
  return input !== null && !input.destroyed && input.writable;
}

function drained(input: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      input.off("drain", done);
      input.off("close", done);
      input.off("error", done);
      resolve();
    };
    input.once("drain", done);
    input.once("close", done);
    input.once("error", done);
  });
}
