/** The first letter in upper case, the rest as it is. */
export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Without quotation marks around it. */
export function unquoted(text: string): string {
  return text
    .trim()
    .replace(/^["'“”‘’«»`]+|["'“”‘’«»`]+$/g, "")
    .trim();
}

/** "a", "a and b", "a, b and c". */
export function enumerate(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** "1 task", "2 tasks". */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
