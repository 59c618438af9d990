/** The tokens of a small model: all bytes, some words, and the marks of a chat. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  /** Pairs of tokens that become one, each with a space between its halves. */
  readonly merges: readonly string[];
  readonly bytes: ReadonlyMap<string, number>;
  /** Marks around a message. They are never a part of a text. */
  readonly start: number;
  readonly end: number;
  /** Marks around a tool call. The server passes them on as text unless it reads a call. */
  readonly call: number;
  readonly callEnd: number;
}

/** What begins a tool call. */
export const CALL = "<tool_call>";
const WORDS = ["task", "the", "and", "buy", "milk", "call", "list", "water", "plants", "today", "tomorrow", "done"];

/** Bytes as GPT-2 writes them: those that can be printed stand for themselves, the others for letters from U+0100 on. */
function byteLetters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
}

/** A byte-pair vocabulary in which each word is one token, with a space before it or without. */
export function createVocabulary(): Vocabulary {
  const letters = byteLetters();
  const tokens = [...letters];
  const merges: string[] = [];
  for (const word of WORDS.flatMap((each) => [each, ` ${each}`])) {
    let left = letters[word.charCodeAt(0)] ?? "";
    for (const character of word.slice(1)) {
      const merge = `${left} ${character}`;
      left += character;
      if (merges.includes(merge)) continue;
      merges.push(merge);
      tokens.push(left);
    }
  }
  const add = (mark: string) => tokens.push(mark) - 1;
  const marks = { start: add("<|im_start|>"), end: add("<|im_end|>"), call: add(CALL), callEnd: add("</tool_call>") };
  return { tokens, merges, bytes: new Map(letters.map((letter, byte) => [letter, byte])), ...marks };
}
