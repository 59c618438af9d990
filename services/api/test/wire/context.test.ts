import { expect, test } from "vitest";
import type { AgentMessage } from "../../src/agent/model/driver.ts";
import { assistant, call, result, startDriverHarness, user } from "../harness/driver.ts";
import { type Reply, refusal, reply, says, type WireRequest } from "../harness/wire.ts";

/** Refuses messages of more than so many characters, as a server with a small window does. */
const smallWindow =
  (limit: number) =>
  (request: WireRequest): Reply =>
    JSON.stringify(request.messages).length > limit
      ? refusal(400, {
          error: {
            message: "This model's maximum context length is 4096 tokens.",
            type: "BadRequestError",
            param: null,
            code: 400,
          },
        })
      : reply(says(`noted. ${"answer ".repeat(100)}`));

test("when a conversation outgrows the model, the request leaves out its oldest turns, and the conversation goes on", async () => {
  const h = await startDriverHarness(smallWindow(16_000));
  try {
    const history: AgentMessage[] = [];
    for (const letter of "abcdefg") {
      const question = user(`${letter} ${"long text ".repeat(300)}`);
      const { text, failure } = await h.ask(...history, question);
      expect(failure).toBeUndefined();
      history.push(question, assistant(text));
      expect(h.requests.at(-1)!.messages[0]).toMatchObject({ role: "system" });
      expect(h.requests.at(-1)!.messages.at(-1)!.content).toBe("content" in question ? question.content : "");
    }
    // Seven questions, and one refusal; what fitted before is known from then on.
    expect(h.requests).toHaveLength(8);
  } finally {
    h.close();
  }
});

test("a question that is too long by itself is told so after the history is gone", async () => {
  const h = await startDriverHarness(smallWindow(2_000));
  try {
    const { failure } = await h.ask(user("a"), assistant("b"), user("c"), assistant("d"), user("x".repeat(3_000)));
    expect(failure?.message).toMatch(/too long/);
    expect(h.requests.at(-1)!.messages).toHaveLength(2);
  } finally {
    h.close();
  }
});

test("a run in progress keeps its calls and their results when the history is cut", async () => {
  const h = await startDriverHarness(smallWindow(4_000));
  try {
    const old = [user("old"), assistant("x".repeat(4_000))];
    const current = [user("add milk"), assistant("", call("a")), result("a")];
    expect((await h.ask(...old, ...current)).failure).toBeUndefined();
    expect(h.requests.at(-1)!.messages.map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool"]);
  } finally {
    h.close();
  }
});

const FILTER = {
  error: { message: "The response was filtered", code: "content_filter", param: "prompt", status: 400 },
};

test("a filter that refuses something in the history is asked again without it, and once only", async () => {
  const h = await startDriverHarness((request) =>
    JSON.stringify(request.messages).includes("bad") ? refusal(400, FILTER) : reply(says("fine")),
  );
  try {
    const history = [user("bad word"), assistant("Hm.")];
    expect((await h.ask(...history, user("hello"))).text).toBe("fine");
    expect(h.requests.at(-1)!.messages.map(({ role }) => role)).toEqual(["system", "user"]);
    const before = h.requests.length;
    expect((await h.ask(...history, user("bad again"))).failure?.message).toMatch(/content filter/);
    expect(h.requests).toHaveLength(before + 2);
  } finally {
    h.close();
  }
});
