/** Tokens with which templates end an answer, and which servers leave in its text when they don't know them. */
const END_TOKENS: ReadonlySet<string> = new Set([
  ...["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<|return|>"],
  ...["<|END_RESPONSE|>", "<|END_OF_TURN_TOKEN|>", "<|end_of_solution|>", "<end_of_turn>", "<turn|>", "</s>"],
  ...["</answer>", "<｜end▁of▁sentence｜>", "<|user|>", "<|observation|>"],
]);

/** Lets text pass while it arrives, without the tokens at its very end. */
export interface EndTokenFilter {
  feed(delta: string): string;
  /** What was held back and is no token. */
  finish(): string;
}

export function createEndTokenFilter(): EndTokenFilter {
  let held = "";
  return {
    feed: (delta) => {
      held += delta;
      const from = tokensFrom(held, (text) => END_TOKENS.has(text) || isBeginning(text));
      const shown = held.slice(0, from);
      held = held.slice(from);
      return shown;
    },
    finish: () => {
      const shown = held.slice(
        0,
        tokensFrom(held, (text) => END_TOKENS.has(text)),
      );
      held = "";
      return shown;
    },
  };
}

/** Where the tokens at the end of a text begin, with the spaces before them; its length where there are none. */
function tokensFrom(text: string, isToken: (text: string) => boolean): number {
  let from = text.length;
  for (;;) {
    const at = text.lastIndexOf("<", from - 1);
    if (at < 0 || at >= from || !isToken(text.slice(at, from).trim())) break;
    from = at;
  }
  return from === text.length ? from : text.slice(0, from).trimEnd().length;
}

function isBeginning(text: string): boolean {
  return [...END_TOKENS].some((token) => token.startsWith(text));
}
