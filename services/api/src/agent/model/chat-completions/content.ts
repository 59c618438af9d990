import { isRecord } from "@taskassistant/contracts";

/** The text of a content, which is a string or, with Mistral's reasoning models, a list of parts. Unknown parts are passed over. */
export function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  return partsOf(content)
    .filter((part) => part.type === undefined || part.type === "text" || part.type === "output_text")
    .map((part) => (typeof part.text === "string" ? part.text : ""))
    .join("");
}

/** The reasoning among the parts of a content. */
export function reasoningPartsIn(content: unknown): string {
  return partsOf(content)
    .filter((part) => ["thinking", "reasoning"].includes(String(part.type)))
    .map((part) => wordsIn(part.thinking ?? part.reasoning ?? part.text))
    .join("");
}

function wordsIn(value: unknown): string {
  return typeof value === "string" ? value : textIn(value);
}

function partsOf(content: unknown): Record<string, unknown>[] {
  if (isRecord(content)) return [content];
  return Array.isArray(content)
    ? content.map((part) => (typeof part === "string" ? { text: part } : part)).filter(isRecord)
    : [];
}
