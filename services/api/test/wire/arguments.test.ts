import { expect, test } from "vitest";
import { calls, DONE, END, fin, fn, ROLE, standardCall } from "../harness/wire.ts";
import { ADDED, add, lastCalls, MILK, playRow, QUESTION, type Row, titled } from "./rows.ts";

const A = '{"title":"a"}';

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
  ...[
    ["with an escape that JSON does not know", `{"title":"don\\'t forget"}`, "don't forget"],
    ["with a tabulator inside a text", '{"title":"a\tb"}', "a\tb"],
    ["behind a byte order mark", '\uFEFF{"title":"a"}', "a"],
    ["with a text that looks like markup, which stays as it is", '{"title":"a &amp; b"}', "a &amp; b"],
    ["with keys that have no quotes", '{title:"a"}', "a"],
    ["inside the properties that their schema has", '{"properties":{"title":"a"}}', "a"],
    ["inside keywords", '{"kwargs":{"title":"a"}}', "a"],
    ["with a number for a text", '{"title":2026}', "2026"],
    ["with an empty list for an optional text", '{"title":"a","notes":[]}', "a"],
    ["with an empty object for an optional text", '{"title":"a","notes":{}}', "a"],
  ].map(
    ([name = "", text = "", title = ""]): Row => ({ name, sends: standardCall("add_task", text), tasks: [{ title }] }),
  ),
  {
    name: "with other signs between the parts of a day",
    sends: standardCall("add_task", '{"title":"buy milk","due":"2026/11/27"}'),
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

test.each(ARGUMENTS.map((row) => [row.name, row] as const))("arguments are read %s", (_name, row) => playRow(row));

test.each(REPEATED.map((row) => [row.name, row] as const))("%s", (_name, row) => playRow(row));
