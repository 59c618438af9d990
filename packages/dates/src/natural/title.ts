/** The text without some stretches, tidied as a title: no doubled blanks or stray signs, the first letter in upper case. */
export function titleWithout(text: string, used: readonly { readonly start: number; readonly end: number }[]): string {
  const ordered = [...used].sort((a, b) => a.start - b.start);
  let at = 0;
  let kept = "";
  for (const { start, end } of ordered) {
    if (start > at) kept += text.slice(at, start);
    kept += " ";
    at = Math.max(at, end);
  }
  kept += text.slice(at);
  const tidy = kept.replace(/\s+/g, " ").trim();
  const trimmed = used.length === 0 ? tidy : tidy.replace(/^[,;:.!?\s–-]+/, "").replace(/[,;:\s–-]+$/, "");
  return capitalised(trimmed);
}

/** The first letter in upper case, unless the word has its own spelling, such as "iPhone". */
function capitalised(text: string): string {
  const [first = ""] = text.split(" ");
  if (/^\p{Ll}+\p{Lu}/u.test(first)) return text;
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
