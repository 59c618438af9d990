import { expect, test } from "vitest";
import { clipped, sentence } from "./quote.ts";

const FRAMES = Array.from({ length: 20 }, (_, n) => `    at Module.load (node:internal/modules/cjs/loader:${n}:12)`);

test.each<[string, string | undefined, string]>([
  ["no text", undefined, "no reason given"],
  ["lines", " one\n\n  two ", "one two"],
  ["an error of Node.js", ["Error: no such file", ...FRAMES, "", "Node.js v24.21.0"].join("\n"), "Error: no such file"],
  [
    "an error with fields and a cause",
    ["TypeError: x is not a function", ...FRAMES, "  [cause]: Error: refused", ...FRAMES, "}"].join("\n"),
    "TypeError: x is not a function [cause]: Error: refused }",
  ],
  ["a sentence with the word at", "it broke at noon\nat last", "it broke at noon at last"],
  ["nothing but frames", "    at a (b.js:1:1)", "at a (b.js:1:1)"],
])("quotes %s", (_, text, quoted) => {
  expect(clipped(text)).toBe(quoted);
});

test("of a long text, the end is quoted", () => {
  expect(clipped(`${"a".repeat(500)} the cause`, 12)).toBe("...aa the cause");
});

test("a sentence ends with one mark", () => {
  expect(["a", "a.", "a?"].map(sentence)).toEqual(["a.", "a.", "a?"]);
});
