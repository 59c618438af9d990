import { isRecord } from "@taskassistant/contracts";

/** Longest arguments of one call, in characters. */
const ARGUMENTS_MAX = 100_000;
/** Deepest nesting of the arguments of one call. */
const DEPTH_MAX = 16;
/** Keys that could reach an object's prototype on the way of the message; browsers' readers refuse them. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reads the arguments as the model wrote them: `written` is all they say (undefined when they are no JSON), only to be
 * searched; `value` the same unless too long or too deep; `shown` that without reserved keys, fit to be stored and sent to
 * a browser.
 */
export function parseArguments(text: string): { written: unknown; value: unknown; shown: unknown } {
  const written = parse(text);
  const value = text.length > ARGUMENTS_MAX || isDeeperThan(written, DEPTH_MAX) ? undefined : written;
  return { written, value, shown: withoutReserved(value) };
}

/** A key at any depth that is one of the names, which are normalised. Without recursion: the model picks the depth. */
export function findKey(value: unknown, names: ReadonlySet<string>): string | undefined {
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    for (const [key, inner] of Object.entries(next)) {
      if (!Array.isArray(next) && names.has(normalise(key))) return key;
      waiting.push(inner);
    }
  }
  return undefined;
}

/** `user_id`, `userId`, `User-ID` and look-alikes in other scripts' compatibility forms are one name. */
export function normalise(name: string): string {
  return name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}

function parse(text: string): unknown {
  if (text.trim() === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Level by level, not by recursion: the model picks the depth. */
function isDeeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((entry) => (typeof entry === "object" && entry !== null ? Object.values(entry) : []));
  }
  return false;
}

function withoutReserved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReserved);
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !RESERVED.has(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutReserved(inner)]));
}
