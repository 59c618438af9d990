import { expect, test } from "vitest";
import type { AgentMessage } from "../../src/agent/model/driver.ts";
import { assistant, call, type DriverHarness, result, startDriverHarness, user } from "../harness/driver.ts";
import { hasAnswered, type Reply, refusal, reply, says, standardCall, type WireRequest } from "../harness/wire.ts";

const error = (message: string, more: object = {}) => ({ error: { message, type: "invalid_request_error", ...more } });
const MILK = '{"title":"buy milk"}';

/** One thing that a server refuses, and how the accepted request differs. */
interface Row {
  readonly what: string;
  readonly refuses: (request: WireRequest) => unknown;
  readonly status?: number;
  readonly settings?: {
    maxOutputTokens?: number;
    temperature?: number;
    reasoningEffort?: string;
    extraBody?: Record<string, unknown>;
  };
  readonly history?: readonly AgentMessage[];
  readonly accepted: (request: WireRequest) => void;
}

const OLD_CALL = [user("add milk"), assistant("", call("call_49c89af0")), result("call_49c89af0"), assistant("Done.")];
const idsOf = ({ messages }: WireRequest) =>
  messages.flatMap(({ tool_calls, tool_call_id }) => [
    ...(tool_calls ?? []).map(({ id }) => id),
    ...(tool_call_id === undefined ? [] : [tool_call_id]),
  ]);

// biome-ignore format: a table reads better with a row on a line
const ROWS: readonly Row[] = [
  {
    what: "tools without an explicit effort (OpenAI gpt-5.6)",
    refuses: (r) => r.reasoning_effort !== "none" && error("Function tools with reasoning_effort are not supported for gpt-5.6 in /v1/chat/completions. To use function tools, use /v1/responses or set reasoning_effort to 'none'.", { param: "reasoning_effort", code: null }),
    accepted: (r) => expect(r.reasoning_effort).toBe("none"),
  },
  {
    what: "an effort that an administrator has set, with tools (OpenAI gpt-5.5)",
    settings: { reasoningEffort: "high" },
    refuses: (r) => r.reasoning_effort !== "none" && error("To use function tools, set reasoning_effort to 'none'.", { param: "reasoning_effort" }),
    accepted: (r) => expect(r.reasoning_effort).toBe("none"),
  },
  {
    what: "thinking with tools, told as a value inside an object",
    refuses: (r) => (r.thinking as { type?: string } | undefined)?.type !== "disabled" && error("thinking.type must be 'disabled' for this call"),
    accepted: (r) => expect(r.thinking).toEqual({ type: "disabled" }),
  },
  {
    what: "thinking with tools, told as a value that is no text (Qwen)",
    refuses: (r) => r.enable_thinking !== false && error("parameter.enable_thinking must be set to false for tool calls"),
    accepted: (r) => expect(r.enable_thinking).toBe(false),
  },
  {
    what: "max_tokens (OpenAI o-series)",
    settings: { maxOutputTokens: 99 },
    refuses: (r) => "max_tokens" in r && error("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", { param: "max_tokens", code: "unsupported_parameter" }),
    accepted: (r) => expect([r.max_tokens, r.max_completion_tokens]).toEqual([undefined, 99]),
  },
  {
    what: "two parameters, one after the other",
    settings: { temperature: 0.2, reasoningEffort: "low" },
    refuses: (r) => ("temperature" in r && error("Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", { param: "temperature", code: "unsupported_value" })) || ("reasoning_effort" in r && error("Unrecognized request argument supplied: reasoning_effort")),
    accepted: (r) => expect([r.temperature, r.reasoning_effort]).toEqual([undefined, undefined]),
  },
  {
    what: "an unknown parameter of the extra body (Mistral)",
    settings: { extraBody: { top_k: 5, top_p: 0.5 } },
    status: 422,
    refuses: (r) => "top_k" in r && { object: "error", message: { detail: [{ type: "extra_forbidden", loc: ["body", "top_k"], msg: "Extra inputs are not permitted" }] }, type: "invalid_request_error" },
    accepted: (r) => expect([r.top_k, r.top_p]).toEqual([undefined, 0.5]),
  },
  {
    what: "a temperature other than its own (Kimi)",
    settings: { temperature: 0.2 },
    refuses: (r) => r.temperature !== 0.6 && error("invalid temperature: only 0.6 is allowed for this model"),
    accepted: (r) => expect(r.temperature).toBe(0.6),
  },
  {
    what: "requests without max_tokens",
    refuses: (r) => !("max_tokens" in r) && error("max_tokens: Field required"),
    accepted: (r) => expect(r.max_tokens).toBeGreaterThan(1_000),
  },
  {
    what: "streams with tools (llama.cpp)",
    status: 500,
    refuses: (r) => r.stream === true && { error: { code: 500, message: "Cannot use tools with stream", type: "server_error" } },
    accepted: (r) => expect(r.stream).toBe(false),
  },
  {
    what: "a system role (OpenAI o1-mini)",
    refuses: (r) => r.messages.some(({ role }) => role === "system") && error("Unsupported value: 'messages[0].role' does not support 'system' with this model.", { param: "messages[0].role", code: "unsupported_value" }),
    accepted: (r) => expect(r.messages[0]).toEqual({ role: "user", content: expect.stringMatching(/^You help\.\n\n/) }),
  },
  {
    what: "ids of another form (Mistral)",
    history: OLD_CALL,
    refuses: (r) => idsOf(r).some((id) => !/^[a-zA-Z0-9]{9}$/.test(id)) && { object: "error", message: "Tool call id was call_49c89af0 but must be a-z, A-Z, 0-9, with a length of 9.", type: "invalid_function_call", param: null, code: "3280" },
    accepted: (r) => expect(idsOf(r).length).toBe(2 * new Set(idsOf(r)).size),
  },
  {
    what: "calls without reasoning (DeepSeek)",
    history: OLD_CALL,
    refuses: (r) => r.messages.some((m) => m.tool_calls !== undefined && !m.reasoning_content) && error("Missing `reasoning_content` field in the assistant message at message index 2.", { code: "invalid_request_error" }),
    accepted: (r) => expect(r.messages.some((m) => "reasoning_content" in m)).toBe(true),
  },
  {
    what: "calls without reasoning (Kimi)",
    history: OLD_CALL,
    refuses: (r) => r.messages.some((m) => m.tool_calls !== undefined && !m.reasoning_content) && error("thinking is enabled but reasoning_content is missing in assistant tool call message at index 2"),
    accepted: (r) => expect(r.messages.some((m) => "reasoning_content" in m)).toBe(true),
  },
];

async function withServer(row: Row, work: (h: DriverHarness) => Promise<void>): Promise<void> {
  const answer = (request: WireRequest): Reply => {
    const refused = row.refuses(request);
    if (refused !== false) return refusal(row.status ?? 400, refused);
    return reply(hasAnswered(request) ? says("done") : standardCall("add_task", MILK));
  };
  const h = await startDriverHarness(answer, row.settings === undefined ? {} : { settings: row.settings });
  try {
    await work(h);
  } finally {
    h.close();
  }
}

test.each(ROWS.map((row) => [row.what, row] as const))(
  "a server that refuses %s is asked again in the form it takes, and from the start later on",
  (_what, row) =>
    withServer(row, async (h) => {
      const history = row.history ?? [];
      const first = await h.ask(...history, user("add milk"));
      expect(first.failure).toBeUndefined();
      expect(first.calls.map(({ name }) => name)).toEqual(["add_task"]);
      const refused = h.requests.length - 1;
      expect(refused).toBeGreaterThan(0);
      row.accepted(h.requests.at(-1)!);
      const before = h.requests.length;
      const second = await h.ask(
        ...history,
        user("add milk"),
        assistant("", call("a")),
        result("a"),
        assistant("Done."),
        user("thanks"),
      );
      expect(second.failure).toBeUndefined();
      expect(h.requests).toHaveLength(before + 1);
      row.accepted(h.requests.at(-1)!);
    }),
);

test("what one server teaches is not sent to another one with the same model", async () => {
  const row = ROWS[0]!;
  await withServer(row, (h) => h.ask(user("hello")).then(() => undefined));
  await withServer({ ...row, refuses: () => false }, async (h) => {
    await h.ask(user("hello"));
    expect(Object.keys(h.requests[0]!).sort()).toEqual(["messages", "model", "stream", "tools"]);
  });
});

test("two runs that are refused for the same reason at the same time both go on", async () => {
  await withServer(ROWS[0]!, async (h) => {
    const both = await Promise.all([h.ask(user("one")), h.ask(user("two"))]);
    expect(both.map(({ failure }) => failure)).toEqual([undefined, undefined]);
    expect(h.requests).toHaveLength(4);
  });
});

test("a server that refuses the form it asked for is not asked a third time", async () => {
  const h = await startDriverHarness(() =>
    refusal(400, error("set reasoning_effort to 'none'", { param: "reasoning_effort" })),
  );
  try {
    expect((await h.ask(user("hello"))).failure?.message).toMatch(/refused the request/);
    expect(h.requests).toHaveLength(2);
  } finally {
    h.close();
  }
});

test("a server can't make the request itself another one", async () => {
  for (const message of [
    "set model to 'x'",
    "messages must be null",
    "tools must be set to null",
    "unsupported parameter: tools",
  ]) {
    const h = await startDriverHarness(() => refusal(400, error(message)));
    try {
      await h.ask(user("hello"));
      expect(h.requests, message).toHaveLength(1);
    } finally {
      h.close();
    }
  }
});

test("the extra body adds parameters, and can't replace the request", async () => {
  const extraBody = { top_p: 0.5, model: "other", messages: [], tools: [], stream: false };
  const h = await startDriverHarness(() => reply(says("hi")), { settings: { extraBody } });
  try {
    await h.ask(user("hello"));
    expect(h.requests[0]).toMatchObject({ top_p: 0.5, model: "m", stream: true, tools: [{}] });
    expect(h.requests[0]!.messages).toHaveLength(2);
  } finally {
    h.close();
  }
});

test("no message has null for its content, and a tool's schema has only keywords that all servers take", async () => {
  const h = await startDriverHarness(() => reply(says("hi")));
  try {
    await h.ask(...OLD_CALL, user("hello"));
    const [request] = h.requests;
    expect(request!.messages.map(({ content }) => typeof content)).not.toContain("object");
    const keys = new Set<string>();
    const walk = (value: unknown): void => {
      if (typeof value === "number") expect(value).toBeLessThan(2_000);
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        keys.add(key);
        walk(inner);
      }
    };
    walk(request!.tools);
    for (const key of [
      "exclusiveMinimum",
      "additionalProperties",
      "format",
      "anyOf",
      "default",
      "pattern",
      "maxLength",
    ]) {
      expect([...keys]).not.toContain(key);
    }
  } finally {
    h.close();
  }
});
