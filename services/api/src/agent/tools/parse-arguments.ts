import { isRecord } from "@taskassistant/contracts";
import { objectsIn, parseJson } from "../model/calls/json-text.ts";

/** Keys that could reach an object's prototype somewhere on their way. The readers of the stream in browsers refuse them. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** The arguments of a call in the forms that are needed. */
export interface ReadArguments {
  /** Everything they contain, for searching only. */
  readonly written: unknown;
  /** The one object they hold; undefined where they hold none or several, or are too long or too deep. */
  readonly value: Record<string, unknown> | undefined;
}

/** Reads the arguments as the model wrote them. Everything that looks at arguments looks at what this returns. */
export function parseArguments(text: string): ReadArguments {
  const objects = objectsIn(text);
  // Both, because the JSON may be a text that holds the objects.
  const written = [parseJson(text), objects ?? keysIn(text)];
  return { written, value: objects?.length === 1 ? objects[0] : undefined };
}

/** The keys in a text that is no JSON, such as one that breaks off. */
function keysIn(text: string): Record<string, null> {
  const keys = [...text.matchAll(/["']([^"'\\]{1,200})["']\s*:/g)].map(([, key = ""]) => [key, null]);
  return Object.fromEntries(keys);
}

/** Whether the value has a reserved key at any depth. */
export function hasReserved(value: unknown): boolean {
  return findKey(value, RESERVED, (key) => key) !== undefined;
}

/**
 * Finds a key at any depth whose normalised form is one of the names. It does not recurse, because the model decides how
 * deep the arguments are.
 */
export function findKey(
  value: unknown,
  names: ReadonlySet<string>,
  form: (key: string) => string = normalise,
): string | undefined {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    for (const [key, inner] of Object.entries(next)) {
      if (!Array.isArray(next) && names.has(form(key))) return key;
      waiting.push(inner);
    }
  }
  return undefined;
}

/** Makes one name of `user_id`, `userId`, `User-ID` and their look-alikes in compatibility forms of letters. */
export function normalise(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

/** A copy without reserved keys: what may be stored and sent to a browser. */
export function withoutReserved(value: Record<string, unknown>): Record<string, unknown> {
  return copyOf(value) as Record<string, unknown>;
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !RESERVED.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, copyOf(inner)]));
}
