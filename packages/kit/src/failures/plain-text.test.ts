import { expect, it } from "vitest";
import { plainJson, plainText } from "./plain-text.ts";

const MISLEADING: readonly (readonly [what: string, text: string])[] = [
  ["a terminal's escape sequence", "\u001b[2J"],
  ["the short form of the same", "\u009b2J"],
  ["a carriage return", "\r"],
  ["a NUL", "\0"],
  ["a mark that turns the direction", "\u202e"],
  ["an isolate", "\u2066"],
  ["an invisible space", "\u200b"],
  ["a separator of lines", "\u2028"],
  ["a byte order mark", "\ufeff"],
];

it.each(MISLEADING)("a plain text has a space in place of %s", (_what, text) => {
  expect(plainText(`before${text}after`)).toBe(`before ${text.replace(/^[^ -~]/, "")}after`);
});

it.each(MISLEADING)("a line of JSON keeps %s as an escape", (_what, text) => {
  const line = plainJson(JSON.stringify({ msg: `before${text}after` }));
  expect(line).toMatch(/^[ -~]+$/);
  expect(JSON.parse(line)).toEqual({ msg: `before${text}after` });
});

it.each(["a line\nand another", "Grüße, 日本語 🎉", "tab-free"])("%j stays as it is", (text) => {
  expect(plainText(text)).toBe(text);
});
