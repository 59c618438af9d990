import type { Budget } from "./budget.ts";

const PIECE_BYTES = 64 * 1024;

/**
 * The body of an answer that counts against a budget until its reader has taken all of it or has left. Undefined when the budget
 * does not allow it; then answer 503. When its reader takes too long while others wait, the body breaks off.
 */
export function heldBody(budget: Budget, owner: string, bytes: Uint8Array<ArrayBuffer>): ReadableStream | undefined {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let rest: Uint8Array | undefined = bytes;
  const giveBack = budget.take(owner, bytes.byteLength, () => {
    rest = undefined;
    controller?.error(new Error("the reader of the answer was too slow"));
  });
  if (giveBack === undefined) return undefined;
  return new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      // Without a queue of its own, this is called only when the connection takes more.
      pull: (given) => {
        const piece = rest?.subarray(0, PIECE_BYTES);
        rest = rest?.subarray(PIECE_BYTES);
        if (piece !== undefined && piece.byteLength > 0) return given.enqueue(piece);
        giveBack();
        given.close();
      },
      cancel: () => {
        rest = undefined;
        giveBack();
      },
    },
    { highWaterMark: 0 },
  );
}
