import { isRecord } from "@taskassistant/contracts";

/** Maximum length of the arguments of one call, in characters. */
const ARGUMENTS_MAX = 100_000;
/** Maximum nesting of the arguments of one call. */
const DEPTH_MAX = 16;
/** Keys that could reach an object's prototype somewhere on their way. The readers of the stream in browsers refuse them. */
const RESERVED = new Set(["__proto__", "constructor", "prototype"]);

/** The arguments of a call in the forms that are needed. */
export interface ReadArguments {
  /** Everything they contain, for searching only; undefined when they are not JSON. */
  readonly written: unknown;
  /** The same, unless they are too long or too deep. */
  readonly value: unknown;
  /** `value` without reserved keys: what may be stored and sent to a browser. */
  readonly shown: unknown;
}

/** Reads the arguments as the model wrote them. Everything that looks at arguments looks at what this returns. */
export function parseArguments(text: string): ReadArguments {
  const written = parse(text);
  const value = text.length > ARGUMENTS_MAX || isDeeperThan(written, DEPTH_MAX) ? undefined : written;
  return { written, value, shown: withoutReserved(value) };
}

/**
 * Finds a key at any depth whose normalised form is one of the names. It does not recurse, because the model decides how
 * deep the arguments are.
 */
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

/** Makes one name of `user_id`, `userId`, `User-ID` and their look-alikes in compatibility forms of letters. */
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

/** Works level by level instead of recursing, because the model decides how deep the value is. */
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
