import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatCompletionsOptions } from "../../services/api/src/agent/model/chat-completions/driver.ts";
import { FAILED_CALL } from "../../services/api/src/agent/model/errors.ts";
import type { Lesson } from "../../services/api/src/agent/model/lessons/lessons.ts";
import { askOnce, assistant, call, result, user } from "../../services/api/test/harness/driver.ts";
import { another, CALLS, driverOf, ENDLESS, QUESTION, recorded, SEED, settings, startLlama, WORDS } from "./harness.ts";
import type { LlamaOptions, LlamaServer } from "./llama-server.ts";

const ADMINISTRATOR = "Ask the administrator of this assistant";

let server: LlamaServer;
beforeAll(async () => {
  server = await startLlama({ slots: 2 });
});
afterAll(() => server?.stop());

test("a streamed answer is word for word the one that is not streamed", async () => {
  const recorder = await recorded(server);
  const pieces: string[] = [];
  const endless = driverOf(recorder, { settings: settings(ENDLESS) });
  const streamed = await askOnce(endless, QUESTION, (piece) => pieces.push(piece));
  expect(streamed).toMatchObject({ calls: [], reason: "length", failure: undefined });
  expect(pieces.length).toBeGreaterThan(50);
  const answer = await fetch(`${server.url}/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ ...recorder.requests[0], stream: false }),
  });
  expect(await answer.json()).toMatchObject({ choices: [{ message: { content: streamed.text } }] });
});

const SAMPLES = Array.from({ length: 10 }, (_, index) => SEED + index);

test("a call that the grammar forces has arguments of the tool's form", async () => {
  let whole = 0;
  for (const seed of SAMPLES) {
    const { calls, reason, failure } = await askOnce(
      driverOf(server, { settings: settings(CALLS, { seed }) }),
      QUESTION,
    );
    expect([seed, failure, new Set(calls.map(({ id }) => id)).size]).toEqual([seed, undefined, calls.length]);
    // The last one of an answer that reached its limit may be cut.
    for (const { name, unreadable, arguments: text } of reason === "length" ? calls.slice(0, -1) : calls) {
      expect([seed, name, unreadable]).toEqual([seed, "add_task", undefined]);
      expect(JSON.parse(text)).toMatchObject({ title: expect.any(String) });
      whole += 1;
    }
  }
  expect(whole).toBeGreaterThanOrEqual(SAMPLES.length / 2);
});

test("any noise ends as an answer or in a sentence, and no call of a whole answer is lost to form", async () => {
  const ends = new Set<string>();
  for (const seed of SAMPLES) {
    const driver = driverOf(server, { settings: settings({}, { seed }), maxRetries: 0 });
    const { calls, reason, failure } = await askOnce(driver, QUESTION);
    ends.add(failure === undefined ? `${reason}` : failure.message);
    if (reason === "stop") for (const { arguments: text } of calls) JSON.parse(text);
  }
  expect([...ends].filter((end) => !["stop", "length", FAILED_CALL].includes(end))).toEqual([]);
});

describe("a conversation that is longer than the context", () => {
  const history = (runs: number) =>
    Array.from({ length: runs }, (_, index) => [
      user(`add task ${index} ${"x".repeat(300)}`),
      assistant("", call(`call_${index}`)),
      result(`call_${index}`),
      assistant("It is on the list."),
    ]).flat();

  test("is asked again with half of its history, and remembered as too long", async () => {
    const small = await another({ context: 2_048 });
    const recorder = await recorded(small);
    const driver = driverOf(recorder);
    const messages = [...history(12), ...QUESTION];
    const { failure } = await askOnce(driver, messages);
    expect(failure).toBeUndefined();
    expect(recorder.statuses).toEqual([400, 400, 200]);
    const [first = 0, second = 0, third = 0] = recorder.requests.map(({ messages: sent }) => sent.length);
    expect([first, second < first * 0.6, third < second * 0.6]).toEqual([messages.length + 1, true, true]);
    expect((await askOnce(driver, messages)).failure).toBeUndefined();
    expect(recorder.statuses).toEqual([400, 400, 200, 200]);
  });

  test("is told in a sentence if the last question alone is too long", async () => {
    const small = await another({ context: 2_048 });
    const recorder = await recorded(small);
    const { failure } = await askOnce(driverOf(recorder), [...history(2), user("x".repeat(4_000))]);
    expect([failure?.code, failure?.message]).toEqual([
      "model_unavailable",
      "This conversation is too long for the model, even without its earlier messages. Start a new one with a shorter question.",
    ]);
    expect(recorder.requests.at(-1)?.messages).toHaveLength(2);
  });
});

// biome-ignore format: a table reads better with a row on a line
const FAILURES: [what: string, server: Omit<LlamaOptions, "seed">, options: Partial<ChatCompletionsOptions>, code: string, sentence: string][] = [
  ["a wrong key", { key: "sk-of-llama" }, { apiKey: "sk-wrong" }, "model_key_invalid", `The model provider refuses the API key. ${ADMINISTRATOR} to check it.`],
  ["no key", { key: "sk-of-llama" }, { apiKey: undefined }, "model_key_invalid", `The model provider refuses the API key. ${ADMINISTRATOR} to check it.`],
  ["a name that the server does not have", { offeredAs: "tiny" }, { model: "other" }, "model_unavailable", `The model provider has no model named other, or does not offer it to this account. ${ADMINISTRATOR} to check the name.`],
  ["a template that is not used", { args: ["--no-jinja"] }, {}, "model_unavailable", `This model can't use tools, and the assistant needs them. ${ADMINISTRATOR} to choose another model, or to switch tools on in its server.`],
  ["a grammar besides the tools'", {}, { settings: settings({ grammar: 'root ::= "a"' }) }, "model_unavailable", `The model provider refused the request. ${ADMINISTRATOR} to look into the log for its reason.`],
  ["an address without a chat", {}, { baseURL: "/v2" }, "model_unavailable", `The model's base URL does not lead to a chat completions API. ${ADMINISTRATOR} to correct the address.`],
];
test.each(FAILURES)("%s is told in the sentence of its kind", async (_what, options, asked, code, sentence) => {
  const failing = await another(options);
  const baseURL = asked.baseURL === undefined ? failing.url : failing.url.replace("/v1", asked.baseURL);
  const { failure, text } = await askOnce(driverOf(failing, { ...asked, baseURL }), QUESTION);
  expect([text, failure?.code, failure?.message]).toEqual(["", code, sentence]);
});

test("a server that loads models by their names answers when it has loaded one", async () => {
  const router = await another({ offeredAs: "tiny" });
  const { failure, reason } = await askOnce(driverOf(router), QUESTION);
  expect([failure, reason]).toEqual([undefined, expect.any(String)]);
});

test("a parameter that the server refuses is left out, and not sent again", async () => {
  const lessons: Lesson[] = [];
  const recorder = await recorded(server);
  const odd = settings({ ...WORDS, temperature: "warm" });
  const driver = driverOf(recorder, { settings: odd, onLesson: (lesson) => lessons.push(lesson) });
  for (const statuses of [
    [400, 200],
    [400, 200, 200],
  ]) {
    expect((await askOnce(driver, QUESTION)).failure).toBeUndefined();
    expect(recorder.statuses).toEqual(statuses);
  }
  expect(lessons).toEqual([{ kind: "drop", path: ["temperature"] }]);
});
