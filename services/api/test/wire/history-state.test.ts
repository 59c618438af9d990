import { expect, test } from "vitest";
import { playConversation } from "../harness/agent.ts";
import {
  calls,
  chunk,
  DONE,
  END,
  hasAnswered,
  ROLE,
  reply,
  says,
  startWireServer,
  type WireRequest,
} from "../harness/wire.ts";
import {
  add,
  REASONED,
  SIGNATURE,
  SIGNED,
  withCalls,
  withoutReasoning,
  withoutSignature,
} from "./demanding-servers.ts";
import { lastCalls, MILK, playRow, QUESTION, type Row } from "./rows.ts";

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
