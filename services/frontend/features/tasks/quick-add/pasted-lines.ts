/** Most lines of one paste that become tasks. */
export const PASTE_MAX = 50;

/**
 * The tasks in pasted text: its lines without the signs of a list, the first 50. Empty when it has fewer than two, since
 * that is a text for the field.
 */
export function pastedLines(text: string): string[] {
  const lines = text
    .split(/\r\n|[\r\n\u2028\u2029]/)
    .map((line) => line.replace(/^\s*(?:[-*•‣◦–]\s+|\d{1,3}[.)]\s+)?(?:\[[ xX]?\]\s*)?/, "").trim())
    .filter((line) => line !== "");
  return lines.length < 2 ? [] : lines.slice(0, PASTE_MAX);
}
