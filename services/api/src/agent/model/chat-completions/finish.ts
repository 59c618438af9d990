/** What a finish reason means. `calls` needs calls, `failed-call` is a call that the server could not read. */
export type Finish = "stop" | "calls" | "length" | "filtered" | "failed-call" | "error" | "unknown";

/** Families of finish reasons, in the order in which they are tried. Every server has words of its own. */
const REASONS: readonly (readonly [Exclude<Finish, "unknown">, RegExp])[] = [
  ["failed-call", /malformed|(unexpected|invalid|too_many)_(tool|function)|(tool|function)_calls?_(error|fail)/],
  ["calls", /^(tool|function)_(calls?|use)$/],
  ["filtered", /filter|safety|recitation|blocklist|prohibited|^spii$|^language$|sensitive|^refusal$|moderat|guardrail/],
  ["error", /error|abort|cancel|insufficient|overload|unavailable|timeout/],
  ["length", /length|max_.*(tokens|output)|tokens?_limit|context_(window|limit|size)/],
  ["stop", /^(stop|end|eos|eot|complete|completed|done|finished)(_|$)/],
];

/** The meaning of a finish reason in any spelling (`STOP`, `FinishReason.MAX_TOKENS`); undefined for one that says nothing. */
export function finishOf(reason: unknown): Finish | undefined {
  if (typeof reason !== "string" || reason.trim() === "") return undefined;
  const word = reason
    .trim()
    .replace(/^.*[.:/]/, "")
    .replace(/^finish_?reason_?(?=.)/i, "")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  return REASONS.find(([, words]) => words.test(word))?.[0] ?? "unknown";
}
