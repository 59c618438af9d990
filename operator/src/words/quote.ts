/** Longest quotation of a foreign text in a message, in characters. */
const CLIP_LENGTH = 400;

/** A foreign text on one line; of a long one, the end, where the cause usually is. */
export function clipped(text: string | undefined, length = CLIP_LENGTH): string {
  const line = (text ?? "no reason given").trim().replace(/\s+/g, " ");
  return line.length > length ? `...${line.slice(-length)}` : line;
}

/** The text with a full stop, unless it ends with a mark already. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
