import { expect, test } from "vitest";
import { createChatCompletionsDriver } from "../src/agent/model/chat-completions/driver.ts";
import { chunk, DONE, fin, type Move, reply, startWireServer } from "./harness/wire.ts";

/** The texts that reach the reader, one by one. */
async function eventsOf(...moves: Move[]): Promise<string[]> {
  const server = await startWireServer(() => reply(...moves));
  const driver = createChatCompletionsDriver({
    baseURL: server.url,
    apiKey: undefined,
    model: "m",
    firstTimeoutMs: 30_000,
    idleTimeoutMs: 30_000,
    maxRetries: 0,
  });
  const request = { messages: [{ role: "user" as const, content: "go" }], tools: [] };
  const events: string[] = [];
  try {
    for await (const event of driver.ask({ ...request, signal: new AbortController().signal })) {
      if (event.type === "text") events.push(event.delta);
    }
    return events;
  } finally {
    server.close();
  }
}

test("a flood of single letters reaches the reader in pieces of some length, whole and in order", async () => {
  const letters = Array.from({ length: 20_000 }, (_, at) => String.fromCharCode(97 + (at % 26)));
  const events = await eventsOf(letters.map((letter) => chunk({ content: letter })).join("") + fin("stop") + DONE);
  expect(events.join("")).toBe(letters.join(""));
  expect(events.length).toBeLessThan(letters.length / 10);
});

test("a model that writes word by word is passed on word by word, the first word at once", async () => {
  const words = ["I ", "will ", "add ", "it."];
  const moves = words.flatMap((word): Move[] => [chunk({ content: word }), { pause: 100 }]);
  expect(await eventsOf(...moves, fin("stop") + DONE)).toEqual(words);
});
