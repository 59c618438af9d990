import { conversationSchema } from "@taskassistant/contracts";
import { runSql } from "@taskassistant/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call, type ReadAnswer, say, textOf } from "../../services/api/test/harness/client.ts";
import { type Harness, startHarness, type TestUser } from "../../services/api/test/harness/harness.ts";
import { withModel } from "../../services/api/test/harness/with-model.ts";
import { CALLS, ENDLESS, SEED, settings, startLlama } from "./harness.ts";
import type { LlamaServer } from "./llama-server.ts";

let h: Harness;
let server: LlamaServer;
const open: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  // The tools alone are some ten thousand tokens, because most tokens are single letters.
  [h, server] = await Promise.all([startHarness(), startLlama({ context: 32_768 })]);
});
afterAll(async () => {
  for (const close of open.toReversed()) await close();
  await server?.stop();
  await h?.close();
});

/** How many ask for calls. The grammar of all tools is slow. */
const PERSONS = 3;

/** The API with llama.cpp as its model, which is asked with these parameters besides. */
async function asking(extraBody: Record<string, unknown>, seed?: number): Promise<Harness> {
  const asked = settings(extraBody, { maxOutputTokens: 150, ...(seed === undefined ? {} : { seed }) });
  const model = { name: "tiny", baseURL: server.url, timeoutSeconds: 60, settings: asked };
  const { harness, stop } = await withModel(h, { model, agent: { maxSteps: 3 } });
  open.push(stop);
  return harness;
}

const titlesOf = async ({ id }: TestUser) =>
  (await runSql(h.database.adminUrl, "select title from app.task where user_id = $1", [id])).rows.map(
    ({ title }) => title,
  );

/** The tool calls of an answer: name, state, arguments. */
const callsIn = ({ message }: ReadAnswer) =>
  message.parts.flatMap((part) =>
    part.type === "dynamic-tool" ? [{ name: part.toolName, state: part.state, input: part.input }] : [],
  );

test("a turn of words arrives in pieces and is stored as it was read", async () => {
  const anna = await h.user("anna");
  const words = await asking(ENDLESS);
  const { message, chunks, errors } = await say(words, anna, "say something");
  // It would go on for ever, and the limit of output tokens ends it.
  expect([errors, message.metadata?.status]).toEqual([[], "limited"]);
  expect(chunks.filter(({ type }) => type === "text-delta").length).toBeGreaterThan(20);
  const answer = await call(h, anna, "GET", `/api/conversations/${message.metadata?.conversation_id}`);
  const { messages } = conversationSchema.parse(await answer.json());
  expect(textOf(messages[1] ?? { parts: [] })).toBe(textOf(message));
});

test("calls that the grammar forces run or are refused, and what ran is what the person has", async () => {
  let ran = 0;
  for (let seed = SEED; seed < SEED + PERSONS; seed++) {
    const person = await h.user(`person-${seed}`);
    const forced = await asking(CALLS, seed);
    const answer = await say(forced, person, "add a task");
    const calls = callsIn(answer);
    expect(["completed", "limited", "failed"]).toContain(answer.message.metadata?.status);
    expect(calls.filter(({ state }) => !["output-available", "output-error"].includes(state))).toEqual([]);
    const added = calls.filter(({ name, state }) => name === "add_task" && state === "output-available");
    expect((await titlesOf(person)).sort()).toEqual(
      added.map(({ input }) => (input as { title: string }).title.trim()).sort(),
    );
    ran += calls.length;
  }
  expect(ran).toBeGreaterThan(0);
}, 300_000);
