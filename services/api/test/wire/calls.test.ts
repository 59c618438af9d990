import { expect, test } from "vitest";
import { calls, chunk, DONE, END, event, fin, fn, ROLE, standardCall } from "../harness/wire.ts";
import { ADDED, lastCalls, MILK, playRow, QUESTION, type Row } from "./rows.ts";

const add = (args: unknown) => fn("add_task", args);
const titled = (...titles: string[]) => titles.map((title) => ({ title }));
const A = '{"title":"a"}';
const B = '{"title":"b"}';

/** Calls in the forms in which servers deliver them. */
const ASSEMBLY: readonly Row[] = [
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
];

/** Arguments in the forms in which models write them. */
const ARGUMENTS: readonly Row[] = [
  {
    name: "as an object (llama.cpp)",
    sends: ROLE + calls({ index: 0, id: "a", ...add(JSON.parse(MILK)) }) + fin("tool_calls") + DONE,
    check: ({ requests }) =>
      expect(JSON.parse(lastCalls(requests[1])[0]?.function.arguments ?? "")).toEqual(JSON.parse(MILK)),
  },
  ...["null", "", "[]", '"{}"', " "].map(
    (text): Row => ({
      name: `${JSON.stringify(text)} for a call without arguments`,
      asked: ["list"],
      sends: standardCall("list_tasks", text),
      tasks: [],
      text: "All set.",
      check: ({ requests }) => {
        expect(lastCalls(requests[1])[0]?.function.arguments).toBe("{}");
        expect(String(requests[1]?.messages.at(-1)?.content)).toContain('"total":0');
      },
    }),
  ),
  {
    name: "missing for a call without arguments",
    asked: ["list"],
    sends: ROLE + calls({ index: 0, id: "a", ...fn("list_tasks", null) }) + END,
    tasks: [],
  },
  {
    name: "with null for every optional property",
    asked: ["list"],
    sends: standardCall(
      "list_tasks",
      '{"query":null,"status":"open","due_from":null,"due_to":null,"limit":50,"cursor":null}',
    ),
    tasks: [],
    check: ({ requests }) => {
      expect(lastCalls(requests[1])[0]?.function.arguments).toBe('{"status":"open","limit":50}');
      expect(String(requests[1]?.messages.at(-1)?.content)).not.toContain("Error");
    },
  },
  {
    name: "with null beside a title",
    sends: standardCall("add_task", '{"title":"buy milk","notes":null,"due":null}'),
    tasks: [{ title: "buy milk", notes: "", due: null }],
    check: ({ requests }) => expect(lastCalls(requests[1])[0]?.function.arguments).toBe('{"title":"buy milk"}'),
  },
  {
    name: "with an empty text for every optional property (MiniMax)",
    asked: ["list"],
    sends: standardCall("list_tasks", '{"query":"","status":"open","due_from":"","due_to":"","limit":50,"cursor":""}'),
    tasks: [],
    check: ({ requests }) => {
      expect(lastCalls(requests[1])[0]?.function.arguments).toBe('{"query":"","status":"open","limit":50,"cursor":""}');
      expect(String(requests[1]?.messages.at(-1)?.content)).not.toContain("Error");
    },
  },
  {
    name: "with an empty date",
    sends: standardCall("add_task", '{"title":"buy milk","notes":"","due":""}'),
    tasks: [{ title: "buy milk", notes: "", due: null }],
    requests: 2,
  },
  {
    name: "with the word null for a date",
    sends: standardCall("add_task", '{"title":"buy milk","due":"null"}'),
    tasks: [{ title: "buy milk", due: null }],
  },
  { name: "with a list for a text", sends: standardCall("add_task", '{"title":["buy milk"],"due":"2026-11-27"}') },
  {
    name: "with an unknown property that is null",
    sends: standardCall("add_task", '{"title":"buy milk","due":"2026-11-27","priority":null}'),
  },
  {
    name: "with a number and a word written otherwise",
    asked: ["list"],
    sends: standardCall("list_tasks", '{"limit":"50","status":"OPEN"}'),
    tasks: [],
    check: ({ requests }) => expect(lastCalls(requests[1])[0]?.function.arguments).toBe('{"limit":50,"status":"open"}'),
  },
  {
    name: "with one id for a list of ids",
    sends: standardCall("complete_task", '{"task_ids":"t_000000000001"}'),
    tasks: [],
    check: ({ requests }) =>
      expect(lastCalls(requests[1])[0]?.function.arguments).toBe('{"task_ids":["t_000000000001"]}'),
  },
  {
    name: "with a list of ids written as text",
    sends: standardCall("complete_task", '{"task_ids":"[\\"t_000000000001\\"]"}'),
    tasks: [],
    check: ({ requests }) => expect(String(requests[1]?.messages.at(-1)?.content)).not.toContain("Error"),
  },
  {
    name: "followed by a stray token",
    sends: standardCall("add_task", '{"title":"buy milk"}\n</tool_call>'),
    tasks: titled("buy milk"),
    check: ({ requests }) => expect(lastCalls(requests[1])[0]?.function.arguments).toBe('{"title":"buy milk"}'),
  },
  { name: "followed by one brace too many", sends: standardCall("add_task", `${MILK}}`) },
  { name: "with escaped quotes", sends: standardCall("add_task", MILK.replaceAll('"', '\\"')) },
  {
    name: "with a day written as its midnight",
    sends: standardCall("add_task", '{"title":"buy milk","due":"2026-11-27T00:00:00Z"}'),
  },
  { name: "in a code block", sends: standardCall("add_task", `\`\`\`json\n${MILK}\n\`\`\``) },
  { name: "as a text in a text", sends: standardCall("add_task", JSON.stringify(MILK)) },
  { name: "inside their own name", sends: standardCall("add_task", `{"arguments":${MILK}}`) },
  { name: "inside a whole call", sends: standardCall("add_task", `{"name":"add_task","parameters":${MILK}}`) },
  {
    name: "in Python's spelling",
    sends: standardCall("add_task", "{'title': 'buy milk', 'notes': None, 'due': '2026-11-27',}"),
  },
  {
    name: "with a line break inside a text",
    sends: standardCall("add_task", '{"title":"buy milk","notes":"one\ntwo"}'),
    tasks: [{ title: "buy milk", notes: "one\ntwo" }],
  },
  {
    name: "that break off, so that nobody knows what would have followed",
    sends: standardCall("add_task", '{"title":"buy'),
    tasks: [],
    check: ({ requests }) => expect(String(requests[1]?.messages.at(-1)?.content)).toContain("not a JSON object"),
  },
  {
    name: "of the wrong type, which is told in one line",
    sends: standardCall("add_task", '{"title":"buy milk","due":"soon"}'),
    tasks: [],
    check: ({ requests }) =>
      expect(requests[1]?.messages.at(-1)?.content).toBe(
        'Error: The arguments of add_task are wrong: due is "soon"; it takes a date written YYYY-MM-DD.',
      ),
  },
  {
    name: "without what is required, which is never made up",
    sends: standardCall("add_task", '{"title":null}'),
    tasks: [],
    check: ({ requests }) => expect(String(requests[1]?.messages.at(-1)?.content)).toContain("title is null"),
  },
  {
    name: "of 19,000 characters in pieces of four",
    sends:
      ROLE +
      calls({ index: 0, id: "a", ...add("") }) +
      (JSON.stringify({ title: "x", notes: "n".repeat(19_000) }).match(/.{1,4}/gs) ?? [])
        .map((text) => calls({ index: 0, function: { arguments: text } }))
        .join("") +
      END,
    tasks: [{ title: "x", notes: "n".repeat(19_000) }],
  },
  {
    name: "with one character more than the tool takes, which no server was told",
    sends: standardCall("add_task", JSON.stringify({ title: "x", notes: "n".repeat(20_001) })),
    tasks: [],
    check: ({ requests }) => expect(String(requests[1]?.messages.at(-1)?.content)).toMatch(/wrong: notes .*20,?000/),
  },
];

/** What a model does after an error. */
const REPEATED: readonly Row[] = [
  {
    name: "a call that is refused twice with the same error ends the run",
    sends: [1, 2, 3].map((count) => standardCall("add_task", '{"titel":"x"}', `c${count}`)),
    tasks: [],
    status: "failed",
    error: /tried to use a tool and failed/,
    requests: 2,
  },
  {
    name: "an unknown tool is told, and the right call after it runs",
    sends: [standardCall("web_search", '{"q":"milk"}'), standardCall("add_task", MILK)],
    afterwards: "done",
    text: "done",
    requests: 3,
  },
  {
    name: "the same call twice in one answer is made twice",
    sends: ROLE + calls({ index: 0, id: "a", ...add(A) }) + calls({ index: 1, id: "b", ...add(A) }) + END,
    tasks: titled("a", "a"),
  },
  {
    name: "the same question after a completed answer is a new one",
    asked: [QUESTION, QUESTION],
    sends: standardCall("add_task", MILK, "call_0"),
    tasks: [ADDED, ADDED],
    requests: 4,
  },
];

test.each(ASSEMBLY.map((row) => [row.name, row] as const))("a call is read from %s", (_name, row) => playRow(row));
test.each(ARGUMENTS.map((row) => [row.name, row] as const))("arguments are read %s", (_name, row) => playRow(row));
test.each(REPEATED.map((row) => [row.name, row] as const))("%s", (_name, row) => playRow(row));
