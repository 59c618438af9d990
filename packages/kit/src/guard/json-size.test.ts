import fc from "fast-check";
import { expect, it } from "vitest";
import { jsonSize } from "./json-size.ts";

const sizeOf = (text: string) => Buffer.byteLength(text);
const made = (value: unknown) => {
  const json = JSON.stringify(value);
  return { bytes: sizeOf(json), quotedBytes: sizeOf(JSON.stringify(json)) };
};

it.each([
  ["quotes and backslashes", 'a"b\\c'],
  ["escapes with a letter", "\b\t\n\f\r"],
  ["other control characters", "\u0000\u0001\u001f\u007f"],
  ["letters of two and three bytes", "äあ"],
  ["pairs and halves of pairs", "👪\ud83d \ude00\ud83d"],
  ["what JSON leaves out", { a: undefined, b: [undefined, () => 1], c: Number.NaN, d: -0 }],
  ["dates", { at: new Date(0) }],
  ["nothing", [{}, [], null, "", true, 1.5e21]],
])("has the size of %s", (_what, value) => {
  expect(jsonSize(value)).toEqual(made(value));
});

it("has the size of any value", () => {
  const anything = fc.jsonValue({ maxDepth: 2, stringUnit: "binary" });
  const property = fc.property(anything, (value) => {
    expect(jsonSize(value)).toEqual(made(value));
  });
  fc.assert(property);
});
