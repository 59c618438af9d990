import type { Found } from "./found.ts";
import type { Line } from "./line.ts";

/** `p1` to `p4`, and `#word` for a project or a tag. `#12` is a number of something. */
export function markAt(line: Line, at: number): Found | undefined {
  const token = line.tokens[at];
  if (token === undefined || token.literal) return undefined;
  const priority = /^p([1-4])$/.exec(token.word)?.[1];
  if (priority !== undefined) return { from: at, to: at + 1, strength: "sure", priority: Number(priority) };
  const label = /^#([\p{L}\p{N}_][\p{L}\p{N}_/-]*)$/u.exec(token.word)?.[1];
  if (label === undefined || /^\d+$/.test(label)) return undefined;
  return { from: at, to: at + 1, strength: "sure", label };
}
