import fc from "fast-check";
import { expect, test } from "vitest";
import { objectsIn, repairJson } from "./json-text.ts";

const value = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 6 }).filter((key) => key !== "__proto__"),
  fc.oneof(fc.string(), fc.integer(), fc.boolean()),
  {
    minKeys: 1,
    maxKeys: 4,
  },
);

test("objects come out as they went in, whatever is wrapped around them", () => {
  const around = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => JSON.stringify(text),
    (text) => `[${text}]`,
    (text) => `{}${text}`,
    (text) => `\`\`\`json\n${text}\n\`\`\``,
    (text) => `<tool_call>${text}</tool_call>`,
    (text) => `${text}<|im_end|>`,
    (text) => text + text,
  );
  fc.assert(
    fc.property(value, around, (object, wrap) => {
      expect(objectsIn(wrap(JSON.stringify(object)))).toEqual([JSON.parse(JSON.stringify(object))]);
    }),
    { numRuns: 300 },
  );
});

test("a text that breaks off is never completed", () => {
  fc.assert(
    fc.property(value, fc.nat(), (object, at) => {
      const text = JSON.stringify(object);
      const cut = text.slice(0, 1 + (at % (text.length - 1)));
      expect(objectsIn(cut)).toBeUndefined();
    }),
  );
});

test.each([
  ["single quotes", "{'a': 'b'}", { a: "b" }],
  ["a trailing comma", '{"a":1,}', { a: 1 }],
  ["Python's constants", "{'a': True, 'b': None}", { a: true, b: null }],
  ["a line break in a text", '{"a":"b\nc"}', { a: "b\nc" }],
  ["keys without quotes", '{a: "b"}', { a: "b" }],
])("a repair mends %s", (_name, text, expected) => {
  expect(repairJson(text)).toEqual(expected);
});

test.each([
  ["a missing quote", '{"title":"buy milk}'],
  ["a missing brace", '{"a":{"b":1}'],
  ["a cut text", '{"title":"buy'],
  ["a text that is cut after one that ends with a backslash", '{"a":"\\\\","b":"y}'],
  ["words after a value", '{"a":1 and more"}'],
])("a repair does not guess at %s", (_name, text) => {
  expect(repairJson(text)).toBeUndefined();
});

test.each(['{"title":"milk" /* buy two */}', '{"title":"milk","due":undefined}', '{"task_id":ObjectId("t_1")}'])(
  "%s is not mended, because mending would drop some of its words",
  (text) => {
    expect(objectsIn(text)).toBeUndefined();
  },
);
