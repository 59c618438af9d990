import { expect, test } from "vitest";
import { calls, chunk, DONE, END, event, fin, fn, ROLE } from "../harness/wire.ts";
import { add, hello, lastCalls, MILK, playRow, type Row, titled } from "./rows.ts";

const A = '{"title":"a"}';
const B = '{"title":"b"}';

/** Calls whose pieces contradict each other in index, id or name. */
const PIECES: readonly Row[] = [
  {
    name: "pieces of two calls that take turns, with ids alone",
    sends:
      ROLE +
      calls({ id: "a", ...add('{"title"') }, { id: "b", ...add('{"title"') }) +
      calls({ id: "a", function: { arguments: ':"a"}' } }, { id: "b", function: { arguments: ':"b"}' } }) +
      END,
    tasks: titled("a", "b"),
  },
  {
    name: "a call without arguments before one with, both numbered 0",
    sends:
      ROLE + calls({ index: 0, id: "a", ...fn("list_tasks", "{}") }) + calls({ index: 0, id: "b", ...add(MILK) }) + END,
  },
  {
    name: "a call whose whole message is repeated at the end",
    sends:
      ROLE +
      calls({ index: 0, id: "a", ...add(MILK) }) +
      event({
        choices: [{ index: 0, message: { tool_calls: [{ id: "a", ...add(MILK) }] }, finish_reason: "tool_calls" }],
      }) +
      DONE,
  },
  {
    name: "a call that also stands in the text",
    sends:
      chunk({
        content: `<tool_call>\n{"name":"add_task","arguments":${MILK}}\n</tool_call>`,
        tool_calls: [{ index: 0, id: "a", ...add(MILK) }],
      }) + END,
    text: "All set.",
  },
  { name: "no index", sends: `${ROLE}${calls({ id: "a1", ...add(MILK) })}${END}`, requests: 2 },
  {
    name: "two calls without an index in one chunk",
    sends: ROLE + calls({ id: "x1", ...add(A) }, { id: "x2", ...add(B) }) + END,
    tasks: titled("a", "b"),
  },
  {
    name: "everything in one chunk (Gemini through OpenRouter)",
    sends:
      chunk(
        { role: "assistant", content: null, tool_calls: [{ index: 0, id: "tool_0", ...add(MILK) }] },
        "tool_calls",
      ) + DONE,
  },
  {
    name: "a whole call in one chunk, and the finish reason stop (Ollama)",
    sends:
      chunk({ role: "assistant", content: "", tool_calls: [{ id: "call_k8w2", index: 0, ...add(MILK) }] }) +
      chunk({ role: "assistant", content: "" }, "stop") +
      DONE,
  },
  {
    name: "two calls with one id",
    sends: ROLE + calls({ index: 0, id: "call_0", ...add(A) }) + calls({ index: 1, id: "call_0", ...add(B) }) + END,
    tasks: titled("a", "b"),
  },
  {
    name: "three calls, all numbered 0, with empty ids (Gemini)",
    sends: ROLE + [A, B, '{"title":"c"}'].map((args) => calls({ index: 0, id: "", ...add(args) })).join("") + END,
    tasks: titled("a", "b", "c"),
  },
  {
    name: "three calls, all numbered 0, with ids of their own",
    sends:
      ROLE +
      [A, B, '{"title":"c"}'].map((args, at) => calls({ index: 0, id: `call-${at}`, ...add(args) })).join("") +
      fin("stop") +
      DONE,
    tasks: titled("a", "b", "c"),
    check: ({ requests }) => expect(lastCalls(requests[1]).map(({ id }) => id)).toEqual(["call-0", "call-1", "call-2"]),
  },
  {
    name: "two different tools, all numbered 0, without ids",
    sends:
      ROLE +
      calls({ index: 0, ...fn("list_tasks", "") }) +
      calls({ index: 0, ...add('{"title":') }) +
      calls({ index: 0, ...add('"a"}') }) +
      END,
    tasks: titled("a"),
  },
  {
    name: "arguments that are missing, then null, then whole (vLLM)",
    sends:
      ROLE +
      calls({ index: 0, id: "InRVNk0Ic", type: "function", function: { name: "add_task" } }) +
      calls({ index: 0, function: { arguments: null } }) +
      calls({ index: 0, function: { arguments: MILK } }) +
      END,
  },
  {
    name: "the name in every piece (MiniMax)",
    sends:
      ROLE + ['{"title":', '"buy milk"', "}"].map((text) => calls({ index: 0, id: "a", ...add(text) })).join("") + END,
    tasks: titled("buy milk"),
  },
  {
    name: "the name in pieces",
    sends: ROLE + calls({ index: 0, id: "a", ...fn("add_", "") }) + calls({ index: 0, ...fn("task", MILK) }) + END,
  },
  {
    name: "arguments that grow: each piece repeats what was sent so far",
    sends:
      ROLE +
      ['{"title":', '{"title":"buy milk"', '{"title":"buy milk"}']
        .map((text) => calls({ index: 0, id: "a", ...add(text) }))
        .join("") +
      END,
    tasks: titled("buy milk"),
  },
  {
    name: "pieces, and then the whole arguments once more",
    sends:
      ROLE +
      ['{"title":', '"buy milk"}', '{"title":"buy milk"}']
        .map((text) => calls({ index: 0, id: "a", ...add(text) }))
        .join("") +
      END,
    tasks: titled("buy milk"),
  },
  {
    name: "id and arguments first, the name later",
    sends:
      ROLE +
      calls({ index: 0, id: "a", type: "function", function: { arguments: '{"title":' } }) +
      calls({ index: 0, ...add('"buy milk"}') }) +
      END,
    tasks: titled("buy milk"),
  },
  {
    name: "the id after the name",
    sends:
      ROLE + calls({ index: 0, ...add("") }) + calls({ index: 0, id: "late", function: { arguments: MILK } }) + END,
  },
  {
    name: "the id after the name, without an index",
    sends: ROLE + calls(add("")) + calls({ id: "late", function: { arguments: MILK } }) + END,
  },
  {
    name: "another id in every piece (older vLLM)",
    sends:
      ROLE +
      calls({ index: 0, id: "chatcmpl-tool-1", ...add("") }) +
      calls({ index: 0, id: "chatcmpl-tool-2", function: { arguments: '{"title":' } }) +
      calls({ index: 0, id: "chatcmpl-tool-3", function: { arguments: '"buy milk"}' } }) +
      END,
    tasks: titled("buy milk"),
  },
  {
    name: "two calls in one chunk, both numbered 0 (Ollama)",
    sends:
      chunk({
        role: "assistant",
        content: "",
        tool_calls: [
          { id: "call_a", index: 0, ...add(A) },
          { id: "call_b", index: 0, ...add(B) },
        ],
      }) + END,
    tasks: titled("a", "b"),
  },
  {
    name: "text, then an index that begins at 1",
    sends:
      ROLE +
      chunk({ content: "I'll add it." }) +
      calls({ index: 1, id: "toolu_01", ...add("") }) +
      calls({ index: 1, id: null, function: { arguments: MILK } }) +
      END,
    text: "I'll add it.\n\nAll set.",
  },
  {
    name: "an index that is null, and one that is text",
    sends: ROLE + calls({ index: null, id: "a", ...add(A) }) + calls({ index: "1", id: "b", ...add(B) }) + END,
    tasks: titled("a", "b"),
  },
  {
    name: "text beside the call and after it",
    sends:
      chunk({ role: "assistant", content: "I add it.", tool_calls: [{ index: 0, id: "a", ...add(MILK) }] }) +
      chunk({ content: " Wait." }) +
      END,
    text: "I add it. Wait.\n\nAll set.",
  },
  {
    name: "spaces as text before the call",
    sends: chunk({ role: "assistant", content: "\n\n" }) + calls({ index: 0, id: "a", ...add(MILK) }) + END,
    check: ({ runs }) => expect(runs[0]?.text).toMatch(/All set\.$/),
  },
  {
    name: "a second call whose beginning is numbered 0 and whose end is numbered 1 (DeepSeek behind a gateway)",
    sends:
      ROLE +
      calls({ index: 0, id: "a", ...add(A) }) +
      calls({ index: 0, id: "b", ...add('{"title"') }) +
      calls({ index: 1, function: { arguments: ':"b"}' } }) +
      END,
    tasks: titled("a", "b"),
  },
  {
    name: "a number below 0",
    sends: ROLE + calls({ index: -1, id: "a", ...add(MILK) }) + END,
  },
  {
    name: "an end without a number after a beginning with one",
    sends: ROLE + calls({ index: 0, id: "a", ...add("") }) + calls({ function: { arguments: MILK } }) + END,
  },
  {
    name: "an empty id and no name in later pieces",
    sends:
      ROLE +
      calls({ index: 0, id: "a", ...add("") }) +
      calls({ index: 0, id: "", type: null, function: { name: null, arguments: MILK } }) +
      END,
  },
  {
    name: "no piece with arguments, for a tool that needs none (vLLM)",
    asked: ["list"],
    sends: ROLE + calls({ index: 0, id: "a", type: "function", function: { name: "list_tasks" } }) + END,
    tasks: [],
    text: "All set.",
  },
  hello({
    name: "an empty list beside a text, which is no call (LM Studio)",
    sends: chunk({ role: "assistant", content: "Hello!", tool_calls: [] }) + fin("stop") + DONE,
  }),
];

test.each(PIECES.map((row) => [row.name, row] as const))("a call is put together from %s", (_name, row) =>
  playRow(row),
);
