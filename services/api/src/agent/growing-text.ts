/** A text that grows piece by piece. */
export interface GrowingText {
  readonly length: number;
  add(piece: string): void;
  toString(): string;
}

/** How many pieces are kept before they become one. */
const PIECES_MAX = 1_000;

/**
 * Joins its pieces now and then. A string that grows by `+=` keeps an object for each piece until somebody reads it, which makes
 * the letters of a model that sends them one by one cost thirty times their size.
 */
export function createGrowingText(): GrowingText {
  let pieces: string[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    add: (piece) => {
      length += piece.length;
      pieces.push(piece);
      if (pieces.length > PIECES_MAX) pieces = [pieces.join("")];
    },
    toString: () => pieces.join(""),
  };
}
