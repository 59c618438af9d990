/** Longest quotation of a foreign text in a message, in characters. */
const CLIP_LENGTH = 400;

/** What Node.js and the JVM print below an error: the frames of its stack, and Node.js its version. */
const BELOW_AN_ERROR = /^\s+at .*$|^Node\.js v\d.*$/gm;

/** A foreign text on one line, without the stack of an error; of a long one, the end, where the cause usually is. */
export function clipped(text: string | undefined, length = CLIP_LENGTH): string {
  const given = text ?? "no reason given";
  const line = onOneLine(given.replace(BELOW_AN_ERROR, "")) || onOneLine(given);
  return line.length > length ? `...${line.slice(-length)}` : line;
}

const onOneLine = (text: string) => text.trim().replace(/\s+/g, " ");

/** The text with a full stop, unless it ends with a mark already. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
