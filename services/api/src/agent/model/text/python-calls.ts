import type { WrittenCall } from "./written-call.ts";

/** Calls in Python's spelling: `[get_agenda(days=7), undo()]`, or one a line. None where anything else stands beside them. */
export function pythonCallsIn(text: string): WrittenCall[] {
  const calls: WrittenCall[] = [];
  let rest = text.trim().replace(/^\[/, "");
  for (;;) {
    rest = rest.replace(/^[\s,;]+/, "");
    if (rest === "" || rest === "]") return calls;
    const name = /^([A-Za-z_][\w.]{0,99})\(/.exec(rest)?.[1];
    const inner = name === undefined ? undefined : insideOf(rest.slice(name.length));
    const args = inner === undefined ? undefined : objectOf(partsOf(inner));
    if (name === undefined || inner === undefined || args === undefined) return [];
    calls.push({ name, arguments: args });
    rest = rest.slice(name.length + inner.length + 2);
  }
}

/** The keyword arguments as the text of an object. Values stay as they are written. */
function objectOf(parts: readonly string[]): string | undefined {
  const pairs = parts.map((part) => /^\s*([A-Za-z_]\w{0,99})\s*=\s*([\s\S]+?)\s*$/.exec(part));
  if (pairs.includes(null)) return undefined;
  return `{${pairs.map((pair) => `${JSON.stringify(pair?.[1])}: ${pair?.[2]}`).join(", ")}}`;
}

/** What stands between the bracket at the beginning of a text and the one that closes it. */
function insideOf(text: string): string | undefined {
  for (const { at, depth } of outsideTexts(text)) if (depth === 0) return text.slice(1, at);
  return undefined;
}

function partsOf(inner: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const { at, char, depth } of outsideTexts(inner)) {
    if (char !== "," || depth !== 0) continue;
    parts.push(inner.slice(from, at));
    from = at + 1;
  }
  const last = inner.slice(from);
  return last.trim() === "" ? parts : [...parts, last];
}

/** The characters outside quoted texts that matter, with the depth of brackets after each. */
function* outsideTexts(text: string): Generator<{ at: number; char: string; depth: number }> {
  let quote: string | undefined;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote !== undefined) {
      if (char === "\\") at++;
      else if (char === quote) quote = undefined;
    } else if (char === '"' || char === "'") quote = char;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) yield { at, char, depth: --depth };
    else if (char === ",") yield { at, char, depth };
  }
}
