import { describe, expect, test } from "vitest";
import type { AgentMessage, ModelDriver, ModelEvent, ModelRequest } from "../driver.ts";
import { ModelError, ProviderError, ProviderUnreachableError } from "../errors.ts";
import { modelErrorOf } from "../provider-errors.ts";
import { createModelHealth } from "./model-health.ts";
import { withoutConversation } from "./without-conversation.ts";

const KEY = "sk-verysecret123";
const asked = (text: string): AgentMessage[] => [
  { role: "system", content: "You are TaskAssistant." },
  { role: "user", content: text },
];

/** A driver that ends as told, again and again. */
function open() {
  let next: unknown;
  let time = Date.UTC(2026, 0, 1);
  const driver: ModelDriver = {
    origin: "x",
    async *ask() {
      if (next !== undefined) throw next;
      yield { type: "text", delta: "Hello" } satisfies ModelEvent;
      yield { type: "done", calls: [], reason: "stop" } satisfies ModelEvent;
    },
  };
  const health = createModelHealth(() => new Date(time));
  const watched = health.watch(driver);
  return {
    report: health.report,
    ask: async (error?: unknown, messages: AgentMessage[] = asked("hello")) => {
      time += 60_000;
      next = error;
      try {
        for await (const _ of watched.ask({
          messages,
          tools: [],
          signal: new AbortController().signal,
        } as ModelRequest));
      } catch (thrown) {
        expect(thrown).toBe(error);
      }
    },
  };
}

const said = (status: number, message: string) =>
  modelErrorOf(new ProviderError({ status, body: { error: { message } } }), { model: "gpt-9", secrets: [KEY] });

describe("the health of the model", () => {
  test("is unknown before the first question, and good after an answer", async () => {
    const { ask, report } = open();
    expect(report()).toEqual({});
    await ask();
    expect(report()).toEqual({ answeredAt: "2026-01-01T00:01:00.000Z" });
  });

  test("holds the last failure with the server's words and without the key, until an answer", async () => {
    const { ask, report } = open();
    await ask(said(401, `Incorrect API key provided: ${KEY}.`));
    await ask(said(401, `Incorrect API key provided: ${KEY}.`));
    expect(report()).toEqual({
      failure: {
        kind: "key",
        status: 401,
        words: "Incorrect API key provided: [redacted]",
        since: "2026-01-01T00:01:00.000Z",
        at: "2026-01-01T00:02:00.000Z",
        count: 2,
      },
    });
    await ask();
    expect(report()).toEqual({ answeredAt: "2026-01-01T00:03:00.000Z" });
  });

  test.each<[string, ModelError, object]>([
    [
      "a name that is not known",
      modelErrorOf(unreachable("ENOTFOUND"), CONTEXT()),
      { kind: "unreachable", words: "ENOTFOUND" },
    ],
    ["a silent server", new ModelError("model_timeout", "The model did not answer in time."), { kind: "timeout" }],
    ["a broken answer", modelErrorOf(new Error("socket"), CONTEXT()), { kind: "broken" }],
    ["an unknown model", said(404, "The model `gpt-9` does not exist"), { kind: "no_model", status: 404 }],
    ["a failing provider", said(500, "boom"), { kind: "problem", status: 500, words: "boom" }],
  ])("tells %s", async (_what, error, expected) => {
    const { ask, report } = open();
    await ask(error);
    expect(report().failure).toMatchObject(expected);
  });

  test.each<[string, unknown]>([
    ["the provider's content filter", said(400, "content management policy")],
    ["its length", said(400, "maximum context length is 8192 tokens")],
    ["a call that could not be read", said(400, "tool_use_failed")],
    ["a limit of this process", new ModelError("model_unavailable", "Too many long answers.")],
    ["a person who gave up", new DOMException("gone", "AbortError")],
  ])("does not change by a question that failed for %s", async (_what, error) => {
    const { ask, report } = open();
    await ask(error);
    expect(report()).toEqual({});
  });
});

function unreachable(code: string): ProviderUnreachableError {
  return new ProviderUnreachableError("no connection", { cause: Object.assign(new Error(code), { code }) });
}

function CONTEXT() {
  return { model: "gpt-9", secrets: [KEY] };
}

describe("words of a server", () => {
  const PRIVATE = "Remind me: HIV test on 12 May with Dr. O'Neill-Schäfer, call +49 171 555";
  test.each<[string, string]>([
    ["as it is", `Invalid value: 'content': ${PRIVATE}`],
    ["in capitals", `bad prompt ${PRIVATE.toUpperCase()}`],
    ["cut", `could not parse: ${PRIVATE.slice(10, 37)}`],
    ["escaped", `unexpected token in ${JSON.stringify(PRIVATE).replace("ä", "\\u00e4")}`],
    ["in another order and other marks", "O Neill, Schäfer: HIV! (test) 555_171"],
  ])("that quote the question %s lose the quotation", (_how, words) => {
    const kept = withoutConversation(words, asked(PRIVATE));
    for (const trace of ["hiv", "neill", "schäfer", "fer", "171", "555", "remind", "may 12"]) {
      expect(kept.toLowerCase()).not.toContain(trace);
    }
  });

  test("that quote a task, a result or a call lose the quotation too", () => {
    const messages: AgentMessage[] = [
      {
        role: "assistant",
        content: "",
        calls: [{ id: "1", name: "add_task", arguments: '{"title":"Divorce papers"}' }] as never,
      },
      { role: "tool", callId: "1", content: '{"notes":"Lawyer Okafor"}' },
    ];
    expect(withoutConversation("messages[2]: Divorce papers, Okafor is not valid", messages)).toBe(
      "messages[2]: … is not valid",
    );
  });

  test("that any error is made of stay, whatever the person wrote", () => {
    const words = "The model `gpt-9` does not exist or you do not have access to it.";
    expect(withoutConversation(words, asked("Does the model have access to my tasks? It is not there"))).toBe(words);
  });

  test("in writing that has no words to look up are left out", () => {
    expect(withoutConversation("提示包含敏感内容 error 400", asked("你好"))).toBe("… error 400");
  });
});
