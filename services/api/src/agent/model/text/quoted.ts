import { isRecord } from "@taskassistant/contracts";
import { objectsIn, parseJson } from "../calls/json-text.ts";
import type { WrittenCall } from "./written-call.ts";

/** Every form of a call in a text has brackets. A person who only names a tool and its values has asked for the call. */
const LOOKS_LIKE_CALLS = /[{[(<]/;

/**
 * Whether a call that a model wrote into its text occurs in what the person or a tool has said. A model that quotes a
 * hostile note must not run it. Letters and digits are compared, because models change spaces, quotes and the order of keys;
 * and so is the call as it stands, because a value can be written in several ways.
 */
export function isQuoted(call: WrittenCall, said: readonly string[]): boolean {
  const values = valuesIn(objectsIn(call.arguments)?.[0] ?? call.arguments).map(letters);
  const name = letters(call.name.split(/[.:]/).at(-1) ?? "");
  const asItStands = letters(/[{([][\s\S]*[})\]]/.exec(call.written ?? "")?.[0] ?? "");
  return said.flatMap(textsIn).some((text) => {
    if (!LOOKS_LIKE_CALLS.test(text)) return false;
    const plain = letters(text);
    if (asItStands !== "" && plain.includes(asItStands)) return true;
    return plain.includes(name) && values.every((value) => plain.includes(value));
  });
}

function letters(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** The text itself, its escapes undone, and, where it is JSON, every text inside. */
function textsIn(said: string): string[] {
  const value = parseJson(said);
  return (value === undefined ? [said] : [said, ...valuesIn(value)]).flatMap((text) => {
    const plain = text.replace(/\\+(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/gi, (_, long, short) =>
      String.fromCharCode(Number.parseInt(long ?? short, 16)),
    );
    return plain === text ? [text] : [text, plain];
  });
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
