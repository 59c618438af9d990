/** A stretch of an answer, or the news that all text so far was reasoning. */
export type Stretch = { type: "text" | "reasoning"; delta: string } | { type: "text-was-reasoning" };

/** Splits reasoning off the text of one answer while it arrives. */
export interface ThinkingSplitter {
  feed(delta: string): Stretch[];
  /** What was held back until the end. */
  finish(): Stretch[];
}

/** How models mark their reasoning in the text when the server does not split it off. */
const MARKS: readonly { open: string; close: string }[] = [
  // Qwen, DeepSeek and most others
  { open: "<think>", close: "</think>" },
  { open: "<thinking>", close: "</thinking>" },
  { open: "<thought>", close: "</thought>" },
  { open: "<reasoning>", close: "</reasoning>" },
  // Seed
  { open: "<seed:think>", close: "</seed:think>" },
  // Magistral
  { open: "[THINK]", close: "[/THINK]" },
  // Kimi
  { open: "◁think▷", close: "◁/think▷" },
  // gpt-oss
  { open: "<|channel|>analysis<|message|>", close: "<|end|>" },
  // Cohere
  { open: "<|START_THINKING|>", close: "<|END_THINKING|>" },
  // Gemma
  { open: "<|channel>thought", close: "<channel|>" },
  // Apertus
  { open: "<|inner_prefix|>", close: "<|inner_suffix|>" },
  { open: "<|begin_of_thought|>", close: "<|end_of_thought|>" },
];
/** What templates write before the answer itself: gpt-oss, Cohere, Hunyuan. */
const ANSWER_BEGINS = [
  "<|start|>assistant<|channel|>final<|message|>",
  "<|channel|>final<|message|>",
  "<|START_RESPONSE|>",
  "<|begin_of_solution|>",
  "<answer>",
];
/** Everything that may stand before an answer. */
const BEGINNINGS = [...MARKS.map(({ open }) => open), ...ANSWER_BEGINS].map(lower);
/** End marks that stand alone when the template had written the beginning already: llama.cpp. */
const LONE_ENDS = MARKS.map(({ close }) => close).filter((close) => close !== "<|end|>");
const LONGEST_LONE_END = Math.max(...LONE_ENDS.map((end) => end.length));

/**
 * Reasoning stands at the beginning of an answer, between two marks. Later on a mark is text, with one exception: an end
 * mark alone on its line, outside code, turns everything before it into reasoning. Text is held back while it could
 * still become a mark.
 */
export function createThinkingSplitter(): ThinkingSplitter {
  let state: "start" | "inside" | "body" = "start";
  let held = "";
  let mark = MARKS[0];
  let inCode = false;
  let reasoned = false;
  /** What is known of the current line of the body, until it can no longer be an end mark. */
  let line = "";

  return {
    feed: (delta) => {
      held += delta;
      return run(false);
    },
    finish: () => run(true),
  };

  function run(atEnd: boolean): Stretch[] {
    const found: Stretch[] = [];
    for (let moved = true; moved; ) {
      moved = false;
      if (state === "start") moved = start(atEnd);
      else if (state === "inside") moved = inside(atEnd, found);
      else body(atEnd, found);
    }
    return found.filter((stretch) => !("delta" in stretch) || stretch.delta !== "");
  }

  function start(atEnd: boolean): boolean {
    const text = held.trimStart();
    const begun = ANSWER_BEGINS.find((begin) => text.startsWith(begin));
    if (begun !== undefined) {
      held = text.slice(begun.length);
      reasoned = true;
      return true;
    }
    const opened = MARKS.find(({ open }) => lower(text).startsWith(lower(open)));
    if (opened !== undefined) {
      held = text.slice(opened.open.length);
      [mark, state, reasoned] = [opened, "inside", true];
      return true;
    }
    if (!atEnd && BEGINNINGS.some((open) => open.startsWith(lower(text)))) return false;
    if (reasoned) held = text;
    state = "body";
    return true;
  }

  function inside(atEnd: boolean, found: Stretch[]): boolean {
    const { close = "" } = mark ?? {};
    const at = lower(held).indexOf(lower(close));
    if (at >= 0) {
      found.push({ type: "reasoning", delta: held.slice(0, at) });
      held = held.slice(at + close.length);
      state = "start";
      return true;
    }
    const keep = atEnd ? 0 : overlap(held, close);
    found.push({ type: "reasoning", delta: held.slice(0, held.length - keep) });
    held = held.slice(held.length - keep);
    return false;
  }

  function body(atEnd: boolean, found: Stretch[]): void {
    let text = "";
    const lines = held.split(/(?<=\n)/);
    held = "";
    for (const [index, piece] of lines.entries()) {
      const whole = line + piece;
      const complete = piece.endsWith("\n") || (atEnd && index === lines.length - 1);
      const bare = lower(whole.trim());
      if (!inCode && complete && LONE_ENDS.some((end) => lower(end) === bare)) {
        if (text !== "") found.push({ type: "text", delta: text });
        found.push({ type: "text-was-reasoning" });
        line = "";
        held = lines.slice(index + 1).join("");
        [state, reasoned] = ["start", true];
        found.push(...run(atEnd));
        return;
      }
      const open = !complete && !inCode && couldEnd(whole, bare);
      if (open) {
        held = piece;
        break;
      }
      text += piece;
      line = complete ? "" : whole.slice(0, LONGEST_LONE_END + 1);
      if (complete && /^ {0,3}(```|~~~)/.test(whole)) inCode = !inCode;
    }
    if (text !== "") found.push({ type: "text", delta: text });
  }

  function couldEnd(whole: string, bare: string): boolean {
    return bare === "" ? whole.length < LONGEST_LONE_END : LONE_ENDS.some((end) => lower(end).startsWith(bare));
  }
}

/** Length of the longest end of the text that is a beginning of the mark. */
function overlap(text: string, mark: string): number {
  const tail = lower(text.slice(-mark.length));
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length--) {
    if (tail.endsWith(lower(mark.slice(0, length)))) return length;
  }
  return 0;
}

/** Keeps the length, which `toLowerCase` does not for some letters. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
