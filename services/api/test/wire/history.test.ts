import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { message, playConversation } from "../harness/agent.ts";
import {
  calls,
  chunk,
  DONE,
  END,
  fin,
  fn,
  hasAnswered,
  type Reply,
  ROLE,
  refusal,
  reply,
  says,
  standardCall,
  startWireServer,
  type WireMessage,
  type WireRequest,
} from "../harness/wire.ts";
import { ADDED, expectLawful, lastCalls, MILK, playRow, QUESTION, type Row } from "./rows.ts";

const add = (args: unknown) => fn("add_task", args);
const NO_SIGNATURE = refusal(400, [
  {
    error: {
      code: 400,
      message: "Function call is missing a thought_signature in functionCall parts.",
      status: "INVALID_ARGUMENT",
    },
  },
]);
const SIGNATURE = { google: { thought_signature: "CpEB…" } };
const SIGNED =
  chunk(
    { role: "assistant", tool_calls: [{ index: 0, id: "function-call-1", extra_content: SIGNATURE, ...add(MILK) }] },
    "tool_calls",
  ) + DONE;
const REASONED = (id: string) =>
  chunk({ role: "assistant", content: null, reasoning_content: "I should " }) +
  chunk({ reasoning_content: "add it." }) +
  calls({ index: 0, id, ...add(MILK) }) +
  chunk({ content: "" }, "tool_calls") +
  DONE;

const withCalls = ({ messages }: WireRequest) => messages.filter(({ tool_calls }) => tool_calls !== undefined);
const ids = (request: WireRequest | undefined) =>
  (request?.messages ?? []).flatMap(({ tool_calls = [] }) => tool_calls.map(({ id }) => id));

/** Refuses what lacks the signature, as Gemini 3 does. */
function withoutSignature(request: WireRequest): Reply | undefined {
  const [call] = withCalls(request).at(-1)?.tool_calls ?? [];
  return call === undefined || "extra_content" in call ? undefined : NO_SIGNATURE;
}

/** Refuses calls without reasoning, as DeepSeek and Kimi do. */
function withoutReasoning(request: WireRequest): Reply | undefined {
  const at = request.messages.findIndex(
    ({ tool_calls, reasoning_content }) => tool_calls !== undefined && !reasoning_content,
  );
  if (at < 0) return undefined;
  const words = `thinking is enabled but reasoning_content is missing in assistant tool call message at index ${at}`;
  return refusal(400, { error: { message: words, type: "invalid_request_error" } });
}

/** Refuses other ids than nine letters and digits, and a question straight after a result, as Mistral does. */
function unlikeMistral(request: WireRequest): Reply | undefined {
  const wrong = ids(request).find((id) => !/^[a-zA-Z0-9]{9}$/.test(id));
  if (wrong !== undefined) {
    const words = `Tool call id was ${wrong} but must be a-z, A-Z, 0-9, with a length of 9.`;
    return refusal(400, { object: "error", message: words, type: "invalid_function_call", param: null, code: "3280" });
  }
  const { messages } = request;
  if (messages.some(({ role }, at) => role === "user" && messages[at - 1]?.role === "tool")) {
    const words = "Unexpected role 'user' after role 'tool'";
    return refusal(400, {
      object: "error",
      message: words,
      type: "invalid_request_message_order",
      param: null,
      code: "3230",
    });
  }
  return undefined;
}

const LONG_ID = `call_5f1e__thought__${"c3Nz".repeat(1_000)}`;

const ROWS: readonly Row[] = [
  {
    name: "a signature on a call goes back on that call, in this run and the next one (Gemini 3)",
    asked: [QUESTION, "thanks"],
    sends: [SIGNED],
    refuses: withoutSignature,
    requests: 3,
    check: ({ requests }) => {
      for (const request of requests.slice(1))
        expect(lastCalls(request)[0]).toMatchObject({ extra_content: SIGNATURE });
    },
  },
  {
    name: "the signature on the first of two calls stays there, and both stay in one message",
    asked: [QUESTION, "thanks"],
    sends: [
      chunk(
        {
          tool_calls: [
            { index: 0, id: "a", extra_content: SIGNATURE, ...add('{"title":"a"}') },
            { index: 0, id: "b", ...add('{"title":"b"}') },
          ],
        },
        "tool_calls",
      ) + DONE,
    ],
    tasks: [{ title: "a" }, { title: "b" }],
    check: ({ requests }) => {
      for (const request of requests.slice(1)) {
        expect(lastCalls(request).map((call) => "extra_content" in call)).toEqual([true, false]);
      }
    },
  },
  {
    name: "unknown fields on a call are state too",
    sends:
      ROLE +
      calls({ index: 0, id: "a", provider_specific_fields: { thought_signature: "s" }, vendor: 7, ...add(MILK) }) +
      END,
    check: ({ requests }) =>
      expect(lastCalls(requests[1])[0]).toMatchObject({
        provider_specific_fields: { thought_signature: "s" },
        vendor: 7,
      }),
  },
  {
    name: "reasoning on a message goes back on that message (DeepSeek)",
    sends: [REASONED("call_00_x")],
    refuses: withoutReasoning,
    requests: 2,
    check: ({ requests, runs }) => {
      expect(withCalls(requests[1] as WireRequest)[0]).toMatchObject({ reasoning_content: "I should add it." });
      expect(runs[0]?.reasoning).toBe("I should add it.");
    },
  },
  {
    name: "reasoning goes back in the next run too (Kimi)",
    asked: [QUESTION, "thanks"],
    sends: [REASONED("functions.add_task:0")],
    refuses: withoutReasoning,
    requests: 3,
    check: ({ requests }) => {
      expect(withCalls(requests[2] as WireRequest)[0]).toMatchObject({ reasoning_content: "I should add it." });
      expect(lastCalls(requests[2])[0]?.id).toBe("functions.add_task:0");
    },
  },
  {
    name: "details of reasoning go back as they came, piece by piece (OpenRouter)",
    sends:
      chunk({
        role: "assistant",
        reasoning: "a",
        reasoning_details: [{ type: "reasoning.text", index: 0, text: "a" }],
      }) +
      chunk({
        reasoning: "b",
        reasoning_details: [{ type: "reasoning.text", index: 0, text: "b", signature: "sig" }],
      }) +
      chunk({ reasoning_details: [{ type: "reasoning.encrypted", index: 1, data: "xyz" }] }) +
      calls({ index: 0, id: "a", ...add(MILK) }) +
      END,
    check: ({ requests }) =>
      expect(withCalls(requests[1] as WireRequest)[0]).toMatchObject({
        reasoning: "ab",
        reasoning_details: [
          { type: "reasoning.text", index: 0, text: "ab", signature: "sig" },
          { type: "reasoning.encrypted", index: 1, data: "xyz" },
        ],
      }),
  },
  {
    name: "blocks of thinking with their signatures go back (LiteLLM in front of Claude)",
    sends:
      chunk({ role: "assistant", thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "s1" }] }) +
      calls({ index: 0, id: "toolu_1", ...add(MILK) }) +
      END,
    check: ({ requests }) =>
      expect(withCalls(requests[1] as WireRequest)[0]).toMatchObject({
        thinking_blocks: [{ type: "thinking", thinking: "hm", signature: "s1" }],
      }),
  },
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

test("state goes back to the endpoint and model it came from only", async () => {
  const server = await startWireServer((request) => reply(hasAnswered(request) ? says("done") : REASONED("a")));
  try {
    const first = playConversation({ baseURL: server.url });
    await first.ask(QUESTION);
    await playConversation({ baseURL: server.url, messages: first.stored, model: "another" }).ask("thanks");
    expect(JSON.stringify(server.requests[2])).not.toContain("I should");
    await playConversation({ baseURL: server.url, messages: first.stored }).ask("thanks again");
    expect(JSON.stringify(server.requests.at(-2))).toContain("I should add it.");
  } finally {
    server.close();
  }
});

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

test("asking again after a failure goes on from the calls that ran, and makes none of them again", async () => {
  let working = false;
  const answered: WireMessage[][] = [];
  const server = await startWireServer((request) => {
    if (!hasAnswered(request)) return reply(SIGNED);
    if (!working) return NO_SIGNATURE;
    answered.push([...request.messages]);
    // The model makes the same call once more, although it reads that it was made.
    return answered.length === 1 ? reply(SIGNED) : reply(says("All set."));
  });
  try {
    const conversation = playConversation({ baseURL: server.url });
    expect(await conversation.ask(QUESTION)).toMatchObject({ status: "failed" });
    expect(await conversation.ask(QUESTION)).toMatchObject({ status: "failed" });
    expect(server.requests).toHaveLength(3);
    working = true;
    expect(await conversation.ask(QUESTION)).toMatchObject({ status: "completed", text: "All set." });
    expect(answered[0]?.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
    expect(String(answered[1]?.at(-1)?.content)).toContain("This was done already");
    expect(conversation.tasks).toHaveLength(1);
    // The next question is another one, even in the same words.
    await conversation.ask(QUESTION);
    expect(conversation.tasks).toHaveLength(2);
  } finally {
    server.close();
  }
});
