import type { Step } from "@taskassistant/model-demo";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { call, say, textOf } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { playing, says, toolCall } from "./harness/model-scripts.ts";

let h: Harness;
let anna: TestUser;

beforeAll(async () => {
  h = await startHarness({ model: { timeoutSeconds: 3, idleSeconds: 3 }, agent: { toolTimeoutSeconds: 1 } });
  anna = await h.user("anna");
});
afterAll(() => h.close());
beforeEach(() => {
  h.model.reset();
  h.mcp.reset();
});

test.each<[string, Step[], string]>([
  ["from the start", [{ type: "stall" }], ""],
  ["after the first words", [says("half a sen"), { type: "stall" }], "half a sen"],
])("a model that falls silent %s is asked only once, and what it said is stored", async (_name, steps, kept) => {
  h.model.respond = () => steps;
  const seen = await say(h, anna, "hello");
  expect(h.model.journal).toHaveLength(1);
  expect(seen.message.metadata).toMatchObject({ status: "failed", code: "model_timeout" });
  expect(textOf(seen.message)).toBe(kept);
  const accept = { accept: "application/json" };
  expect((await call(h, anna, "POST", "/api/chat", { body: { message: "hello" }, headers: accept })).status).toBe(504);
});

test("a tool that does not answer is an error the model reads, and the run goes on", async () => {
  h.mcp.before = ({ method }) => (method === "tools/call" ? new Promise(() => undefined) : undefined);
  h.model.respond = playing([toolCall("list_tasks")], [says("I could not look.")]);
  const seen = await say(h, anna, "go");
  expect(seen.message.parts.filter((part) => part.type === "dynamic-tool")).toMatchObject([
    { state: "output-error", errorText: expect.stringContaining("did not answer in time") },
  ]);
  expect([seen.message.metadata?.status, textOf(seen.message)]).toEqual(["completed", "I could not look."]);
});

test("a run that takes too long ends, and what was said is stored", async () => {
  const hasty = await startHarness({ agent: { runTimeoutSeconds: 3 } });
  try {
    const word: Step[] = [says("thinking "), { type: "stall", ms: 500 }];
    hasty.model.respond = () => Array.from({ length: 40 }, () => word).flat();
    const user = await hasty.user("anna");
    const seen = await say(hasty, user, "go");
    expect(seen.message.metadata).toMatchObject({ status: "limited", error: expect.stringContaining("too long") });
    const path = `/api/conversations/${seen.message.metadata?.conversation_id}`;
    const stored = await (await call(hasty, user, "GET", path)).text();
    expect(JSON.parse(stored).messages[1]).toMatchObject({
      metadata: { status: "limited" },
      parts: [{ type: "text", text: textOf(seen.message) }],
    });
  } finally {
    await hasty.close();
  }
});
