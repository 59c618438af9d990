import { isRecord } from "@taskassistant/contracts";
import { jsonrepair } from "jsonrepair";

/** Maximum length of the arguments of one call, in characters. */
const TEXT_MAX = 100_000;
/** Maximum nesting of what is read. */
export const DEPTH_MAX = 16;
/** Maximum number of objects in one text. */
const OBJECTS_MAX = 64;
/** How often a value may be written as a string in a string. */
const LAYERS_MAX = 3;

type JsonObject = Record<string, unknown>;

/**
 * The objects that a text of arguments holds; undefined where it can't be read without guessing. One object is the
 * rule. Servers also send several behind one another, an empty one before the real one, the same one twice, an object as a
 * string or in a list, and tokens of their templates around it. Nothing and `null` count as no arguments.
 */
export function objectsIn(text: string, layers = LAYERS_MAX): JsonObject[] | undefined {
  if (text.length > TEXT_MAX) return undefined;
  const trimmed = text.trim();
  if (trimmed === "") return [{}];
  const whole = parseJson(trimmed);
  const objects = whole === undefined ? (sequenceIn(trimmed) ?? repaired(trimmed)) : objectsOf(whole, layers);
  return objects?.some((object) => isDeeperThan(object, DEPTH_MAX)) ? undefined : objects && distinct(objects);
}

function objectsOf(value: unknown, layers: number): JsonObject[] | undefined {
  if (value === null) return [{}];
  if (isRecord(value)) return [value];
  if (typeof value === "string") return layers > 0 ? objectsIn(value, layers - 1) : undefined;
  if (!Array.isArray(value)) return undefined;
  // An empty list is how PHP writes an empty object.
  if (value.length === 0) return [{}];
  return value.every(isRecord) ? value : undefined;
}

/** What may stand around an object: tokens of a template, and marks of a code block. */
const AROUND = /^(?:\s|,|;|<\/?[^<>{}]{1,60}>|```[a-z]*|\[\/?[A-Z_]{1,20}\])*/;

/** Objects behind one another. What follows the last one is dropped unless it could be the beginning of another one. */
function sequenceIn(text: string): JsonObject[] | undefined {
  const objects: JsonObject[] = [];
  for (let rest = text; ; ) {
    rest = rest.replace(AROUND, "");
    const end = endOfObject(rest);
    if (end === undefined) return objects.length > 0 && !rest.includes("{") ? objects : undefined;
    const value = parseJson(rest.slice(0, end)) ?? repairJson(rest.slice(0, end));
    if (!isRecord(value) || objects.length >= OBJECTS_MAX) return undefined;
    objects.push(value);
    rest = rest.slice(end);
  }
}

/** Where the object at the beginning of a text ends; undefined where there is none or it has no end. */
export function endOfObject(text: string): number | undefined {
  if (!text.startsWith("{")) return undefined;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === "\\") at++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === "{") depth++;
    else if (char === "}" && --depth === 0) return at + 1;
  }
  return undefined;
}

function repaired(text: string): JsonObject[] | undefined {
  const value = repairJson(text.replace(AROUND, ""));
  return isRecord(value) ? [value] : undefined;
}

/**
 * Mends the punctuation of an object: single quotes, trailing commas, line breaks in texts, Python's constants. What is
 * repaired must say what was said: the same letters and digits in the same order, and the same brackets. A text that breaks
 * off is not completed, because nobody knows what would have followed.
 */
export function repairJson(text: string): unknown {
  if (!text.startsWith("{") || !text.endsWith("}") || hasOpenText(text)) return undefined;
  try {
    const mended = jsonrepair(text);
    const same = letters(mended) === letters(text) && count(mended, /[{}[\]]/g) === count(text, /[{}[\]]/g);
    return same ? JSON.parse(mended) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a text in double quotes has no end. A backslash takes the character behind it along, which may be another one. */
function hasOpenText(text: string): boolean {
  const quotes = text.match(/\\.|"/gs)?.filter((found) => found === '"') ?? [];
  return quotes.length % 2 === 1;
}

function letters(text: string): string {
  return text
    .replace(/\bNone\b/g, "null")
    .replace(/\b(True|False)\b/g, (word) => word.toLowerCase())
    .replace(/\\[nrt]/g, "")
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

/** Without empty objects beside others, and each object once: who sends one twice rarely means two. */
function distinct(objects: JsonObject[]): JsonObject[] {
  const byText = new Map(objects.map((object) => [JSON.stringify(object), object]));
  if (byText.size > 1) byText.delete("{}");
  return [...byText.values()];
}

/** The value of a JSON text, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Works level by level instead of recursing, because the model decides how deep the value is. */
export function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((entry) => (typeof entry === "object" && entry !== null ? Object.values(entry) : []));
  }
  return false;
}
