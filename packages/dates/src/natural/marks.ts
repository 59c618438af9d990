import type { Found } from "./found.ts";
import type { Line } from "./line.ts";

/** `p1` to `p4`, `#word` for a project or a tag, and `@word` for a tag. `#12` is a number of something. */
export function markAt(line: Line, at: number): Found | undefined {
  const token = line.tokens[at];
  if (token === undefined || token.literal) return undefined;
  const priority = /^p([1-4])$/.exec(token.word)?.[1];
  if (priority !== undefined) return { from: at, to: at + 1, strength: "sure", priority: Number(priority) };
  // What is longer than a name may be stays in the title, and so does "@5pm".
  const [, sign, name] = /^(#(?=[\p{L}\p{N}_])|@(?=\p{L}))([\p{L}\p{N}_/-]{1,50})$/u.exec(token.word) ?? [];
  if (name === undefined || /^\d+$/.test(name)) return undefined;
  return { from: at, to: at + 1, strength: "sure", ...(sign === "@" ? { tag: name } : { label: name }) };
}
