import { gzipSync } from "node:zlib";
import { test } from "vitest";
import { calls, chunk, DONE, END, event, fin, type Move, type Reply, ROLE, says } from "../harness/wire.ts";
import { add, hello, MILK, ONE_CALL, playRow, type Row } from "./rows.ts";

const bytes = (text: string): Move[] => [...new TextEncoder().encode(text)].map((byte) => new Uint8Array([byte]));
const json = (message: object, finish: string | null = "stop"): Reply => ({
  headers: { "content-type": "application/json" },
  moves: [
    JSON.stringify({
      id: "x",
      object: "chat.completion",
      choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: finish }],
    }),
  ],
});
const CUP = '{"title":"γάλα 🥛 café"}';
const CUP_CALL = ROLE + calls({ index: 0, id: "a", ...add(CUP) }) + END;

/** How answers are framed. */
const FRAMING: readonly Row[] = [
  {
    name: "empty data as a sign of life",
    sends: `data: \n\n${ROLE}data:\n\n${calls({ index: 0, id: "a", ...add(MILK) })}${END}`,
    text: "All set.",
    requests: 2,
  },
  {
    name: "data that is no JSON",
    sends: `data: ping\n\nevent: ping\ndata: {"type":"ping"}\n\n${ONE_CALL}${END}`,
    requests: 2,
  },
  {
    name: "fields that carry no chunk",
    sends: `retry: 3000\n\nid: 1\n\nevent: ping\ndata: {"type":"ping"}\n\n${ROLE}: c\n\n${calls({ index: 0, id: "a", ...add(MILK) })}${END}`,
  },
  {
    name: "chunks without choices or delta (Azure)",
    sends:
      event({ choices: [], id: "", prompt_filter_results: [{ prompt_index: 0 }] }) +
      ONE_CALL +
      fin("tool_calls") +
      event({ choices: [{ content_filter_offsets: {}, finish_reason: null, index: 0 }], id: "" }) +
      event({ choices: [], usage: { total_tokens: 2 } }) +
      DONE,
  },
  {
    name: "comments, no space after the colon, and CRLF",
    sends: `: OPENROUTER PROCESSING\r\n\r\n${(ONE_CALL + END).replaceAll("data: ", "data:").replaceAll("\n\n", "\r\n\r\n")}`,
  },
  { name: "a byte order mark and CR alone", sends: `\uFEFF${(ONE_CALL + END).replaceAll("\n\n", "\r\r")}` },
  { name: "no empty line after the last event", sends: (ONE_CALL + fin("tool_calls")).trimEnd() },
  {
    name: "gzip, every byte alone",
    sends: {
      headers: { "content-encoding": "gzip" },
      moves: [...gzipSync(CUP_CALL)].map((byte) => new Uint8Array([byte])),
    },
    tasks: [{ title: "γάλα 🥛 café" }],
  },
  { name: "every byte alone", sends: { moves: bytes(CUP_CALL) }, tasks: [{ title: "γάλα 🥛 café" }] },
  {
    name: "a call as one document",
    sends: json({ content: null, tool_calls: [{ id: "a", ...add(MILK) }] }, "tool_calls"),
    text: "All set.",
    requests: 2,
  },
  hello({ name: "text as one document", sends: json({ content: "Hello!" }) }),
  hello({
    name: "text as one document with another content type",
    sends: { ...json({ content: "Hello!" }), headers: {} },
  }),
  hello({ name: "text as one document without a finish reason", sends: json({ content: "Hello!" }, null) }),
  hello({
    name: "a document written over several lines",
    sends: { moves: [JSON.stringify(JSON.parse(String(json({ content: "Hello!" }).moves[0])), null, 2)] },
  }),
  hello({ name: "a document in a list", sends: { moves: [`[${json({ content: "Hello!" }).moves[0]}]`] } }),
  hello({
    name: "reasoning in one document",
    sends: json({ content: "<think>plan</think>Hello!", reasoning_content: "hm" }),
    reasoning: "hmplan",
  }),
  hello({
    name: "events under another content type",
    sends: { headers: { "content-type": "application/json" }, moves: [says("Hello!")] },
  }),
  hello({
    name: "chunks one a line, without events",
    sends: { moves: [says("Hello!").replaceAll("data: ", "").replaceAll("\n\n", "\n").replace("[DONE]\n", "")] },
  }),
  hello({ name: "events whose field is named twice", sends: says("Hello!").replaceAll("data: ", "data: data: ") }),
  hello({ name: "an end mark in quotes", sends: `${ROLE}${chunk({ content: "Hello!" })}data: "[DONE]"\n\n` }),
  hello({ name: "events without empty lines between them", sends: says("Hello!").replaceAll("\n\n", "\n") }),
  hello({
    name: "an event over several lines",
    sends: says("Hello!").replaceAll('"choices":', '\ndata: "choices":'),
  }),
  ...["data", "result"].map((field) =>
    hello({
      name: `a document inside an envelope: ${field}`,
      sends: {
        headers: { "content-type": "application/json" },
        moves: [`{"success":true,"${field}":${json({ content: "Hello!" }).moves[0]}}`],
      },
    }),
  ),
  hello({
    name: "the text of older completions",
    sends: event({ choices: [{ index: 0, text: "Hello!", finish_reason: "stop" }] }) + DONE,
  }),
  hello({
    name: "a whole message beside its last, empty piece",
    sends:
      ROLE +
      chunk({ content: "Hello!" }) +
      event({ choices: [{ index: 0, delta: {}, message: { content: "Hello!" }, finish_reason: "stop" }] }) +
      DONE,
  }),
  hello({
    name: "an error as one document",
    sends: { headers: { "content-type": "application/json" }, moves: ['{"error":{"message":"slow","code":429}}'] },
    status: "failed",
    error: /too many requests|reached/,
    requests: 3,
    text: "",
  }),
];

test.each(FRAMING.map((row) => [row.name, row] as const))("an answer is read from %s", (_name, row) => playRow(row));
