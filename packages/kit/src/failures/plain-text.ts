/**
 * Characters that make a terminal or a page show something else than what is written: control characters but for the line
 * break, separators of lines and paragraphs, and marks that turn the direction of writing or are invisible.
 */
const MISLEADING = /(?:(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+/gu;

/** A text of foreign origin, such as the answer of another server, as it may be shown to a person. */
export function plainText(text: string): string {
  return text.replace(MISLEADING, " ");
}

/** The same for a line of JSON, which keeps the characters as escapes. */
export function plainJson(line: string): string {
  return line.replace(MISLEADING, (run) =>
    run.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );
}
