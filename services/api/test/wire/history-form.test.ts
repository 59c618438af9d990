import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { message, playConversation } from "../harness/agent.ts";
import {
  calls,
  DONE,
  END,
  fin,
  type Reply,
  ROLE,
  refusal,
  reply,
  says,
  standardCall,
  startWireServer,
  type WireRequest,
} from "../harness/wire.ts";
import { add, ids, unlikeMistral, withoutReasoning } from "./demanding-servers.ts";
import { ADDED, expectLawful, lastCalls, MILK, playRow, QUESTION, type Row } from "./rows.ts";

const LONG_ID = `call_5f1e__thought__${"c3Nz".repeat(1_000)}`;

const ROWS: readonly Row[] = [
  ...[LONG_ID, "functions.add_task:0", "D681PevKs", "id with spaces / and ümlauts"].map(
    (id): Row => ({
      name: `an id goes back character for character: ${id.slice(0, 30)}`,
      sends: standardCall("add_task", MILK, id),
      check: ({ requests }) => {
        expect(lastCalls(requests[1])[0]?.id).toBe(id);
        expect(requests[1]?.messages.at(-1)?.tool_call_id).toBe(id);
      },
    }),
  ),
  {
    name: "the same id in two runs is changed in the second",
    asked: ["add buy milk", "add buy milk"],
    sends: standardCall("add_task", MILK, "call_0"),
    tasks: [ADDED, ADDED],
    check: ({ requests }) => expect(new Set(ids(requests.at(-1))).size).toBe(2),
  },
  {
    name: "ids take the form that a template wants, and stay the same",
    asked: [QUESTION, "thanks"],
    sends: [standardCall("add_task", MILK, "call_49c89af0")],
    refuses: unlikeMistral,
    requests: 4,
    check: ({ requests }) => {
      expect(ids(requests[2])[0]).toMatch(/^[a-zA-Z0-9]{9}$/);
      expect(ids(requests[3])).toEqual(ids(requests[2]));
    },
  },
  {
    name: "two parallel calls are followed by their results in order, in the next run too",
    asked: ["add two", "thanks"],
    sends: [
      ROLE +
        calls({ index: 0, id: "a", ...add('{"title":"a"}') }, { index: 1, id: "b", ...add('{"title":"b"}') }) +
        END,
    ],
    tasks: [{ title: "a" }, { title: "b" }],
    check: ({ requests }) => {
      expect(requests[2]?.messages.map(({ role }) => role)).toEqual([
        "system",
        "user",
        "assistant",
        "tool",
        "tool",
        "assistant",
        "user",
      ]);
    },
  },
  {
    name: "an answer that ended with a result gets some words before the next question",
    asked: ["add buy milk", "thanks"],
    sends: [standardCall("add_task", MILK, "D681PevKs"), ROLE + fin("stop") + DONE],
    refuses: unlikeMistral,
    check: ({ requests }) =>
      expect(requests.at(-1)?.messages.at(-2)).toMatchObject({
        role: "assistant",
        content: expect.stringMatching(/./),
      }),
  },
];

test.each(ROWS.map((row) => [row.name, row] as const))("%s", (_name, row) => playRow(row));

test.each<[string, (request: WireRequest) => Reply | undefined]>([
  ["reasoning", withoutReasoning],
  ["another form of ids and another order", unlikeMistral],
  [
    "arguments that are objects",
    ({ messages }) => {
      const wrong = messages
        .flatMap(({ tool_calls = [] }) => tool_calls)
        .some((call) => !/^\s*\{/.test(call.function.arguments));
      return wrong ? refusal(500, { error: { message: "Can only get item pairs from a mapping." } }) : undefined;
    },
  ],
])("an old conversation goes on with a server that demands %s", async (_name, refuses) => {
  const server = await startWireServer((request) => refuses(request) ?? reply(says("welcome")));
  const tool = (id: string, input: unknown) =>
    ({
      type: "dynamic-tool",
      toolName: "list_tasks",
      toolCallId: id,
      state: "output-available",
      input,
      output: { tasks: [] },
    }) as const;
  try {
    const conversation = playConversation({
      baseURL: server.url,
      messages: [
        message("user", randomUUID(), [{ type: "text", text: "list" }]),
        message("assistant", randomUUID(), [tool("call_PTLP8xhu3uwZk4l3nlnrrJha", null), tool("call_0", [1])]),
        message("user", randomUUID(), [{ type: "text", text: "list again" }]),
        message("assistant", randomUUID(), [tool("call_0", "x"), { type: "text", text: "There." }]),
      ],
    });
    expect(await conversation.ask("thanks")).toMatchObject({ status: "completed", text: "welcome" });
    expectLawful(server.requests.at(-1) as WireRequest);
  } finally {
    server.close();
  }
});
