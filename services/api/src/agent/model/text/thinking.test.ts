import fc from "fast-check";
import { expect, test } from "vitest";
import { createCallHolder } from "./call-holder.ts";
import { createThinkingSplitter, type Stretch } from "./thinking.ts";

/** Text and reasoning in the end, as a person sees them. */
function split(pieces: readonly string[]): { text: string; reasoning: string } {
  const splitter = createThinkingSplitter();
  const stretches: Stretch[] = [...pieces.flatMap((piece) => splitter.feed(piece)), ...splitter.finish()];
  let [text, reasoning] = ["", ""];
  for (const stretch of stretches) {
    if (stretch.type === "text") text += stretch.delta;
    else if (stretch.type === "reasoning") reasoning += stretch.delta;
    else [text, reasoning] = ["", reasoning + text];
  }
  return { text, reasoning };
}

const piece = fc.constantFrom(
  "<think>",
  "</think>",
  "\n",
  "```\n",
  "[THINK]",
  "[/THINK]",
  "<",
  "thi",
  " ",
  "word",
  "◁/think▷",
);
const cut = fc.tuple(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 8 }));

test("reasoning is split off alike, wherever the text is cut", () => {
  fc.assert(
    fc.property(cut, ([words, places]) => {
      const text = words.join("");
      const cuts = [...new Set(places.map((place) => place % (text.length + 1)))].sort((a, b) => a - b);
      const pieces = [0, ...cuts].map((from, at) => text.slice(from, cuts[at]));
      expect(split(pieces)).toEqual(split([text]));
      expect(split([...text])).toEqual(split([text]));
    }),
    { numRuns: 500 },
  );
});

test("text without marks passes unchanged and is shown as it arrives", () => {
  const splitter = createThinkingSplitter();
  expect(splitter.feed("Hel")).toEqual([{ type: "text", delta: "Hel" }]);
  expect(splitter.feed("lo <think>")).toEqual([{ type: "text", delta: "lo <think>" }]);
  expect(splitter.finish()).toEqual([]);
});

test.each([
  ["a mark later on is text", "Say <think> and </think> aloud.", "Say <think> and </think> aloud.", ""],
  ["an end mark within a line is text", "A </think> B", "A </think> B", ""],
  ["an end mark in code is text", "```\n</think>\n```\nB", "```\n</think>\n```\nB", ""],
  ["an end mark alone on its line ends reasoning", "A\n  </think>  \nB", "B", "A\n"],
  ["an end mark as the last line leaves no text", "A\n</think>", "", "A\n"],
  ["a beginning without an end is all reasoning", "<think>A", "", "A"],
])("%s", (_name, given, text, reasoning) => {
  expect(split([given])).toEqual({ text, reasoning });
});

test("what may be a leaked call is held back, wherever the text is cut, and other text passes", () => {
  const shown = (pieces: readonly string[]) => {
    const holder = createCallHolder();
    return [pieces.map((part) => holder.feed(part)).join(""), holder.take()];
  };
  for (const text of [
    "Hi.\n<tool_call>\n{}",
    "a <tool_call> b",
    "```\n<tool_call>\n```\nx",
    "<b>bold</b>",
    '{"a":1}',
    "x\n[TOOL_CALLS][]",
  ]) {
    expect(shown([...text])).toEqual(shown([text]));
  }
  expect(shown(["Hi.\n<tool_call>\n{}"])).toEqual(["Hi.\n", "<tool_call>\n{}"]);
  expect(shown(["a <tool_call> b"])).toEqual(["a <tool_call> b", ""]);
});
