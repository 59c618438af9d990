import { isBareCall, leaks } from "./leaked-calls.ts";

/** Lets text pass while it arrives, and holds back what may be a leaked call, up to the end of the answer. */
export interface CallHolder {
  /** The part of the text that can be shown now. */
  feed(delta: string): string;
  /** What has been held back; nothing is held afterwards. */
  take(): string;
  /** Whether anything but spaces has passed. */
  hasPassed(): boolean;
}

/** A leaked call begins a line, outside code. An answer that begins with a brace may be one as a whole. */
export function createCallHolder(): CallHolder {
  let held = "";
  let inCode = false;
  let passed = false;
  /** The beginning of the current line, as far as it has passed. */
  let line = "";

  return {
    feed,
    take: () => {
      const taken = held;
      held = "";
      passed ||= taken.trim() !== "";
      return taken;
    },
    hasPassed: () => passed,
  };

  function feed(delta: string): string {
    held += delta;
    let shown = "";
    while (held !== "") {
      const end = held.indexOf("\n") + 1;
      const piece = end === 0 ? held : held.slice(0, end);
      if (!passed && isBareCall(held.trimStart()) !== "no" && held.trim() !== "") break;
      if (!inCode && line.trim() === "" && mustWait(piece.trimStart(), end > 0)) break;
      shown += piece;
      held = held.slice(piece.length);
      passed ||= piece.trim() !== "";
      if (end > 0 && /^ {0,3}(```|~~~)/.test(line + piece)) inCode = !inCode;
      line = end > 0 ? "" : (line + piece).slice(0, 10);
    }
    return shown;
  }

  function mustWait(text: string, complete: boolean): boolean {
    const leak = leaks(text);
    return leak === "yes" || (leak === "maybe" && text !== "" && !complete);
  }
}
