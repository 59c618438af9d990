/** What a finish reason means. `calls` needs calls, `failed-call` is a call that the server could not read. */
export type Finish = "stop" | "calls" | "length" | "filtered" | "failed-call" | "error" | "unknown";

const REASONS: Readonly<Record<Exclude<Finish, "unknown">, readonly string[]>> = {
  stop: ["stop", "end", "end_turn", "eos", "eos_token", "stop_sequence", "stop_token", "complete", "completed"],
  calls: ["tool_calls", "tool_call", "tool_use", "function_call", "function_calls"],
  length: ["length", "max_tokens", "max_output_tokens", "max_length", "model_length", "token_limit"],
  // Gemini, GLM and Azure have words of their own.
  filtered: [
    ...["content_filter", "content_filtered", "safety", "recitation", "blocklist", "prohibited_content", "spii"],
    ...["language", "sensitive", "image_safety", "refusal"],
  ],
  // Gemini.
  "failed-call": ["malformed_function_call", "malformed_tool_call", "unexpected_tool_call", "tool_call_error"],
  error: ["error", "network_error", "internal_error", "insufficient_system_resource", "abort", "aborted", "cancelled"],
};

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
  const known = Object.entries(REASONS).find(([, words]) => words.includes(word));
  return known === undefined ? "unknown" : (known[0] as Finish);
}
