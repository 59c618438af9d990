import fc from "fast-check";
import { expect, test } from "vitest";
import type { ModelTool } from "../driver.ts";
import { assembleCalls } from "./assemble.ts";
import type { CallPiece } from "./groupings.ts";

/** A tool that takes objects with exactly these properties. */
const tool = (name: string, readOnly: boolean, ...properties: string[]): ModelTool => ({
  name,
  description: "",
  parameters: {},
  readOnly,
  accept: (value) => (Object.keys(value).join() === properties.join() ? value : undefined),
});
const TOOLS = [tool("add", false, "title"), tool("list", true), tool("list_tasks", true)];

const named = (name: string, text = ""): CallPiece => ({ name, arguments: text });
const more = (text: string): CallPiece => ({ arguments: text });
const read = (...pieces: CallPiece[]) => assembleCalls(pieces, TOOLS).map((call) => [call.name, call.arguments]);

/** `add` with a title and `list` with nothing, as different providers send them. */
test.each<[string, CallPiece[]]>([
  [
    "interleaved by index, the id in the first piece only",
    [
      { index: 0, id: "a", ...named("add") },
      { index: 1, id: "b", ...named("list") },
      { index: 0, ...more('{"title":') },
      { index: 1, ...more("{}") },
      { index: 0, ...more('"a"}') },
    ],
  ],
  [
    "with another id for each further piece",
    [
      { index: 0, id: "a", ...named("add") },
      { index: 0, id: "x", ...more('{"title":"a"}') },
      { index: 1, id: "b", ...named("list") },
      { index: 1, id: "y", ...more("{}") },
    ],
  ],
  [
    "all numbered 0, told apart by their ids",
    [
      { index: 0, id: "a", ...named("add", '{"title":"a"}') },
      { index: 0, id: "b", ...named("list", "{}") },
    ],
  ],
  [
    "all numbered 0, without ids",
    [
      { index: 0, ...named("add", '{"title":"a"}') },
      { index: 0, ...named("list", "{}") },
    ],
  ],
  [
    "without numbers",
    [
      { id: "a", ...named("add") },
      { id: "a", ...more('{"title":') },
      more('"a"}'),
      { id: "b", ...named("list") },
      more("{}"),
    ],
  ],
  ["without numbers and ids", [named("add", '{"title":"a"}'), named("list", "{"), more("}")]],
])("parallel calls are kept apart when they come %s", (_name, pieces) => {
  expect(read(...pieces)).toEqual([
    ["add", '{"title":"a"}'],
    ["list", "{}"],
  ]);
});

test.each<[string, string[], string]>([
  ["that go on", ["list_tasks", "_or_delete"], "list_tasks"],
  ["that are repeated with every piece", ["list_tasks", "list_tasks"], "list_tasks"],
  ["that are cut", ["list_", "tasks"], "list_tasks"],
  ["of any length", ["x".repeat(1_000), "x".repeat(1_000)], "invalid_tool_name"],
])("a call has one name, despite names %s", (_name, names, expected) => {
  expect(read(...names.map((name) => ({ index: 0, ...named(name) })))).toMatchObject([[expected, expect.anything()]]);
});

test("calls that contradict each other and are not valid in any reading are marked, and so do not run", () => {
  const pieces = ['{"titel":"a"}', '{"title":"b"}'].map((text) => ({ index: 0, ...named("add", text) }));
  const calls = assembleCalls(pieces, TOOLS);
  expect(calls.every((call) => call.unreadable !== undefined)).toBe(true);
});

test("a call that is wrong does not keep its neighbours from running when nothing contradicts", () => {
  const calls = assembleCalls(
    [
      { index: 0, id: "a", ...named("add", '{"title":"a"}') },
      { index: 1, id: "b", ...named("add", '{"titel":"b"}') },
    ],
    TOOLS,
  );
  expect(calls.map((call) => call.unreadable)).toEqual([undefined, undefined]);
});

test("of two valid readings the one with fewer changes counts", () => {
  expect(read({ index: 0, ...named("add", '{"title":"a"}') }, { index: 0, ...named("add", '{"title":"a"}') })).toEqual([
    ["add", '{"title":"a"}'],
  ]);
});

/** Calls with different titles, and how a server writes them. */
const wire = fc.record({
  titles: fc.uniqueArray(fc.string({ maxLength: 12, unit: fc.constantFrom(...'ab {}"\\,:é🥛\n') }), {
    minLength: 1,
    maxLength: 4,
  }),
  index: fc.constantFrom("own", "zero", "none", "from one"),
  id: fc.constantFrom("own", "late", "every piece", "none"),
  name: fc.constantFrom("first piece", "every piece"),
  cuts: fc.array(fc.nat(40), { maxLength: 6 }),
});

test("calls come out as they were made, wherever their pieces are cut and whichever hints the server gives", () => {
  fc.assert(
    fc.property(wire, ({ titles, index, id, name, cuts }) => {
      const made = titles.map((title) => JSON.stringify({ title }));
      const pieces = made.flatMap((text, at) =>
        cutAt(text, cuts).map(
          (part, place): CallPiece => ({
            ...(index === "none" ? {} : { index: index === "zero" ? 0 : index === "own" ? at : at + 1 }),
            ...(id === "own" || (id === "late" && place > 0) || (id === "every piece" && place >= 0)
              ? { id: `call-${at}` }
              : {}),
            ...(name === "every piece" || place === 0 ? { name: "add" } : {}),
            arguments: part,
          }),
        ),
      );
      expect(read(...pieces)).toEqual(made.map((text) => ["add", text]));
    }),
    { numRuns: 300 },
  );
});

function cutAt(text: string, places: readonly number[]): string[] {
  const cuts = [...new Set(places.map((place) => place % text.length))]
    .sort((a, b) => a - b)
    .filter((place) => place > 0);
  return [0, ...cuts].map((from, at) => text.slice(from, cuts[at]));
}
