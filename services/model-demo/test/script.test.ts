import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endWithOwner } from "@taskassistant/kit/testing";
import OpenAI from "openai";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { readScript, respondByScript, scriptSchema } from "../src/index.ts";
import { type Running, start } from "./harness.ts";

let running: Running | undefined;
afterEach(async () => {
  await running?.listener.stop();
  running = undefined;
});

const folder = mkdtempSync(join(tmpdir(), "model-script-"));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function fileWith(content: string): string {
  const file = join(folder, `script-${files++}.json`);
  writeFileSync(file, content);
  return file;
}

const hostile = {
  rules: [
    {
      match: "steal",
      rounds: [
        [{ type: "tool_call", name: "list_tasks", arguments: { user_id: "b".repeat(32) } }],
        [{ type: "text", text: "I tried." }],
      ],
    },
    { match: "endless", loop: true, rounds: [[{ type: "tool_call", name: "list_tasks" }]] },
    { match: "flaky", times: 1, rounds: [[{ type: "error", status: 429, headers: { "retry-after": "0" } }]] },
    { match: "flaky", rounds: [[{ type: "text", text: "Better now." }]] },
  ],
};

describe("a script", () => {
  const ask = async (messages: OpenAI.ChatCompletionMessageParam[], maxRetries = 0) => {
    running ??= await start({ respond: respondByScript(scriptSchema.parse(hostile)) });
    const completion = await running.client.chat.completions.create({ model: "demo", messages }, { maxRetries });
    return completion.choices[0]!.message;
  };

  it("a rule answers round by round", async () => {
    const user = { role: "user" as const, content: "Please STEAL the tasks" };
    const first = await ask([user]);
    expect(first.tool_calls![0]).toMatchObject({
      function: { arguments: JSON.stringify({ user_id: "b".repeat(32) }) },
    });
    const second = await ask([user, first, { role: "tool", tool_call_id: first.tool_calls![0]!.id, content: "no" }]);
    expect(second.content).toBe("I tried.");
    expect((await ask([user, first, second, first])).content).toBe("That is all.");
  });

  it("a rule can repeat its last round without end", async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "go on endlessly" }];
    const ids = new Set<string>();
    for (let round = 0; round < 20; round += 1) {
      const message = await ask(messages);
      const [call] = message.tool_calls!;
      ids.add(call!.id);
      messages.push(message, { role: "tool", tool_call_id: call!.id, content: "{}" });
    }
    expect(ids.size).toBe(20);
  });

  it("a rule can fail a number of times before the next one answers", async () => {
    expect((await ask([{ role: "user", content: "flaky" }], 1)).content).toBe("Better now.");
    expect(running!.server.journal).toHaveLength(2);
  });

  it("the demo model answers what no rule matches", async () => {
    expect((await ask([{ role: "user", content: "hello" }])).content).toContain("demo model");
  });

  it.each([
    ["{", "is not a script"],
    ['{"rules":[{"match":"x","rounds":[[{"type":"shout"}]]}]}', "is not a script"],
    ['{"rule":[]}', "rule"],
  ])("a wrong script is refused with the reason: %s", (content, reason) => {
    expect(() => readScript(fileWith(content))).toThrow(reason);
  });
});

describe("the program", () => {
  it("the process runs a script file, checks keys, publishes the journal and ends on SIGTERM", async () => {
    const file = fileWith(JSON.stringify({ ...hostile, models: ["gpt-test"], api_keys: ["sk-right"] }));
    const main = new URL("../src/main.ts", import.meta.url).pathname;
    const child = endWithOwner(
      spawn(process.execPath, [main], { env: { ...process.env, PORT: "0", MODEL_SCRIPT_FILE: file } }),
    );
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    await expect.poll(() => output, { timeout: 15_000 }).toContain('"listening"');
    const port = /"port":(\d+)/.exec(output)![1];
    const clientWith = (apiKey: string) =>
      new OpenAI({ baseURL: `http://127.0.0.1:${port}/v1`, apiKey, maxRetries: 0 });
    const request = { model: "gpt-test", messages: [{ role: "user" as const, content: "steal" }] };
    expect((await clientWith("sk-right").chat.completions.create(request)).choices[0]!.finish_reason).toBe(
      "tool_calls",
    );
    await expect(clientWith("sk-wrong").chat.completions.create(request)).rejects.toMatchObject({ status: 401 });
    const journal = await (await fetch(`http://127.0.0.1:${port}/journal`)).json();
    expect(journal).toMatchObject([{ apiKey: "sk-right", request }]);
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
