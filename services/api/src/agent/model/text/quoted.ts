import { isRecord } from "@taskassistant/contracts";
import { objectsIn, parseJson } from "../calls/json-text.ts";

/** What calls in a text look like, whatever the form. */
const LOOKS_LIKE_CALLS = /arguments|parameter|args|tool_?call|function|invoke/i;

/**
 * Whether a call that a model wrote into its text occurs in what the person or a tool has said. A model that quotes a
 * hostile note must not run it. Letters and digits are compared, because models change spaces, quotes and the order of keys.
 */
export function isQuoted(call: { name: string; arguments: string }, said: readonly string[]): boolean {
  const values = valuesIn(objectsIn(call.arguments)?.[0] ?? call.arguments);
  const name = letters(call.name.split(/[.:]/).at(-1) ?? "");
  return said.flatMap(textsIn).some((text) => {
    if (!LOOKS_LIKE_CALLS.test(text)) return false;
    const plain = letters(text);
    return plain.includes(name) && values.every((value) => plain.includes(letters(value)));
  });
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** The text itself and, where it is JSON, every text inside, which it shows in another spelling. */
function textsIn(said: string): string[] {
  const value = parseJson(said);
  return value === undefined ? [said] : [said, ...valuesIn(value)];
}

function valuesIn(value: unknown): string[] {
  const found: string[] = [];
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next === "string") found.push(next);
    else if (Array.isArray(next)) waiting.push(...next);
    else if (isRecord(next)) waiting.push(...Object.values(next));
    else if (next !== null && next !== undefined) found.push(String(next));
  }
  return found;
}
