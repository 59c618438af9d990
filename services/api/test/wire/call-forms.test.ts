import { expect, test } from "vitest";
import { calls, chunk, DONE, END, fin, ROLE, standardCall } from "../harness/wire.ts";
import { add, lastCalls, MILK, playRow, type Row, titled } from "./rows.ts";

const A = '{"title":"a"}';
const B = '{"title":"b"}';

/** Calls in the forms in which servers deliver them. */
const FORMS: readonly Row[] = [
  {
    name: "two objects in one text (Gemini's compatible endpoint)",
    sends: standardCall("add_task", A + B),
    tasks: titled("a", "b"),
    text: "All set.",
    check: ({ requests }) => expect(lastCalls(requests[1]).map((call) => call.function.arguments)).toEqual([A, B]),
  },
  {
    name: "three objects with line breaks between them",
    sends: standardCall("add_task", `${A}\n${B}\n{"title":"c"}`),
    tasks: titled("a", "b", "c"),
  },
  { name: "a list of objects", sends: standardCall("add_task", `[${A},${B}]`), tasks: titled("a", "b") },
  { name: "one object sent twice", sends: standardCall("add_task", A + A), tasks: titled("a") },
  {
    name: "two objects of which one is wrong, so that nothing runs",
    sends: standardCall("add_task", `${A}{"titel":"b"}`),
    tasks: [],
    check: ({ requests }) => expect(String(requests[1]?.messages.at(-1)?.content)).toContain("Error"),
  },
  {
    name: "an empty object before the arguments (Claude behind gateways)",
    sends:
      ROLE +
      calls({ index: 1, id: "toolu_vrtx_013", ...add("{}") }) +
      calls({ index: 1, id: null, function: { name: "", arguments: "" } }) +
      calls({ index: 1, id: null, function: { name: "", arguments: '{"title"' } }) +
      calls({ index: 1, id: null, function: { name: "", arguments: ':"buy milk"}' } }) +
      END,
    tasks: [{ title: "buy milk", due: null }],
    text: "All set.",
    check: ({ requests }) => expect(lastCalls(requests[1])[0]?.function.arguments).toBe('{"title":"buy milk"}'),
  },
  { name: "an empty object after the arguments", sends: standardCall("add_task", `${MILK}{}`) },
  {
    name: "the form from before tools",
    sends:
      ROLE +
      chunk({ function_call: { name: "add_task", arguments: "" } }) +
      chunk({ function_call: { arguments: MILK } }) +
      fin("function_call") +
      DONE,
    text: "All set.",
    check: ({ requests }) => {
      const [call] = lastCalls(requests[1]);
      expect(call?.id).toMatch(/^call_/);
      expect(requests[1]?.messages.at(-1)?.tool_call_id).toBe(call?.id);
    },
  },
  {
    name: "both forms for the same call",
    sends:
      ROLE +
      chunk({
        function_call: { name: "add_task", arguments: MILK },
        tool_calls: [{ index: 0, id: "a", ...add(MILK) }],
      }) +
      END,
  },
  { name: "one call that is not in a list", sends: ROLE + chunk({ tool_calls: { id: "a", ...add(MILK) } }) + END },
  {
    name: "a call without a function around its name",
    sends: ROLE + calls({ id: "a", type: "function", name: "add_task", arguments: MILK }) + END,
  },
  {
    name: "a call among the parts of the content (Claude's form)",
    sends:
      ROLE +
      chunk({ content: [{ type: "tool_use", id: "t1", name: "add_task", input: JSON.parse(MILK) }] }) +
      fin("tool_use") +
      DONE,
  },
  ...[
    "functions.add_task",
    "default_api.add_task",
    "default_api:add_task",
    "mcp__tasks__add_task",
    "functions.add_task:0",
    "add_task<|channel|>commentary",
    "AddTask",
    " add_task ",
  ].map(
    (name): Row => ({
      name: `the tool name ${name}`,
      sends: standardCall(name, MILK),
      text: "All set.",
      check: ({ requests }) => expect(lastCalls(requests[1])[0]?.function.name).toBe("add_task"),
    }),
  ),
  {
    name: "a name that could be two tools",
    sends: standardCall("add_task.delete_task", MILK),
    tasks: [],
    check: ({ requests }) => expect(String(requests[1]?.messages.at(-1)?.content)).toContain("There is no tool"),
  },
];

test.each(FORMS.map((row) => [row.name, row] as const))("a call is read from %s", (_name, row) => playRow(row));
