import { TOOL_RESULT_MAX } from "@taskassistant/contracts/limits";
import type { McpResult } from "../../mcp/port.ts";

/** A result as it is shown and stored (`output`), and as the model reads it (`content`). */
export interface CappedResult {
  readonly output: unknown;
  readonly content: string;
}

/**
 * Cuts a tool result to 8 KB. In structured content the longest list loses entries from its end, so that the rest stays
 * valid and says how much is missing. A text is cut and marked.
 */
export function capResult(result: McpResult): CappedResult {
  if (result.structured === undefined) {
    const text = capText(result.text);
    return { output: { text }, content: text };
  }
  const output = capStructured(result.structured);
  if (output === undefined) {
    const text = capText(result.text);
    return { output: { text, truncated: "the result was too large" }, content: text };
  }
  return { output, content: JSON.stringify(output) };
}

/** The arguments of a call as they are shown and stored: at most 8 KB. What does not fit is left out and named. */
export function capInput(input: unknown): unknown {
  if (typeof input !== "object" || input === null || sizeOf(input) <= TOOL_RESULT_MAX) return input;
  const kept: [string, unknown][] = [];
  const left: string[] = [];
  // Leaves room for the mark itself.
  let room = TOOL_RESULT_MAX - 1024;
  for (const [name, value] of Object.entries(input)) {
    const size = sizeOf({ [name]: value });
    if (size <= room) {
      kept.push([name, value]);
      room -= size;
    } else left.push(name.slice(0, 100));
  }
  const names = left.slice(0, 5).join(", ");
  return Object.fromEntries([...kept, ["truncated", `too large to be shown and left out: ${names}`]]);
}

/** Cuts a text to 8 KB at a character boundary and marks the cut. */
export function capText(text: string): string {
  if (Buffer.byteLength(text) <= TOOL_RESULT_MAX) return text;
  const cut = new TextDecoder().decode(Buffer.from(text).subarray(0, TOOL_RESULT_MAX)).replace(/\uFFFD$/, "");
  return `${cut}\n[truncated: the result was longer; ask for less]`;
}

function capStructured(structured: Record<string, unknown>): Record<string, unknown> | undefined {
  if (sizeOf(structured) <= TOOL_RESULT_MAX) return structured;
  const [name, list] = longestList(structured) ?? [];
  if (name === undefined || list === undefined) return undefined;

  const withFirst = (count: number) => ({
    ...structured,
    [name]: list.slice(0, count),
    truncated: `only the first ${count} of ${list.length} ${name} are shown; narrow the request to see others`,
  });
  let fits = 0;
  let tooMany = list.length;
  if (sizeOf(withFirst(0)) > TOOL_RESULT_MAX) return undefined;
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if (sizeOf(withFirst(middle)) <= TOOL_RESULT_MAX) fits = middle;
    else tooMany = middle;
  }
  return withFirst(fits);
}

function longestList(structured: Record<string, unknown>): [string, unknown[]] | undefined {
  let longest: [string, unknown[]] | undefined;
  for (const [name, value] of Object.entries(structured)) {
    if (Array.isArray(value) && sizeOf(value) > (longest === undefined ? 0 : sizeOf(longest[1])))
      longest = [name, value];
  }
  return longest;
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
