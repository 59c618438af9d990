/** Longest text of a provider that is kept, in characters. */
const MAX = 240;

/**
 * What a provider said, for the log and the report to the operator: one short line without markup, without the given secrets,
 * and without anything else that looks like a key. Providers quote the key they refuse, whole or in part.
 */
export function providerWords(text: string, secrets: readonly string[]): string {
  let words = text.slice(0, 4_000);
  for (const secret of secrets) if (secret.length >= 4) words = words.replaceAll(secret, "[redacted]");
  const line = words
    .replace(/<[^<>]{0,400}>/g, " ")
    .replace(/[\p{C}\p{Z}\s]+/gu, " ")
    // Keys by their form: a known beginning, what follows "Bearer" or "key", or a long run of letters with digits.
    .replace(/\b(?:sk|pk|rk|gsk|xai|hf|key|AIza)[-_][\w*.-]{4,}/gi, "[redacted]")
    .replace(/\bAIza[\w-]{10,}/g, "[redacted]")
    .replace(/\b(bearer|basic) [\w.~+/=*-]{4,}/gi, "$1 [redacted]")
    .replace(/\b(api.?key|token|secret|password)(["']? ?(?:[:=]|provided:?) ?["']?)[^\s"',;]{4,}/gi, "$1$2[redacted]")
    .replace(/[\w+/=-]{24,}/g, (run) => (/\d/.test(run) && /[a-z]/i.test(run) ? "[redacted]" : run))
    .trim();
  return line.length <= MAX ? line : `${line.slice(0, MAX - 1)}…`;
}
