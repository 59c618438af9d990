/** A word of the text with its place. */
export interface Token {
  /** Without the punctuation around it, in lower case. */
  readonly word: string;
  /** As typed but in lower case; `14.12.` keeps its dots. */
  readonly raw: string;
  readonly start: number;
  readonly end: number;
  /** Where the word ends without the punctuation behind it. */
  readonly wordEnd: number;
  /** The punctuation behind the word. */
  readonly after: string;
  /** Part of a quotation or an address, which nobody means as a date. */
  readonly literal: boolean;
}

const QUOTATION = /"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|`[^`]*`/g;
const BEFORE_WORD = /^[("'[{¿¡]+/;
const AFTER_WORD = /[)"'\]}.,;:!?…]+$/;

/** The words of a text. */
export function tokensOf(text: string): Token[] {
  const quoted = [...text.matchAll(QUOTATION)].map(({ index, 0: { length } }) => [index, index + length] as const);
  return [...text.matchAll(/\S+/g)].map(({ 0: typed, index }) => {
    const before = BEFORE_WORD.exec(typed)?.[0].length ?? 0;
    const body = typed.slice(before);
    const after = AFTER_WORD.exec(body)?.[0] ?? "";
    const start = index + before;
    const wordEnd = start + body.length - after.length;
    return {
      word: body.slice(0, body.length - after.length).toLowerCase(),
      raw: body.toLowerCase(),
      start,
      end: index + typed.length,
      wordEnd,
      after,
      literal: typed.includes("://") || quoted.some(([from, to]) => index < to && index + typed.length > from),
    };
  });
}
