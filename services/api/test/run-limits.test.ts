import { conversationSchema } from "@taskassistant/contracts";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { call, type ReadAnswer, say, textOf } from "./harness/client.ts";
import { type Harness, startHarness, type TestUser } from "./harness/harness.ts";
import { playing, says, toolCall } from "./harness/model-scripts.ts";

let h: Harness;
let anna: TestUser;

beforeAll(async () => {
  h = await startHarness({ agent: { maxSteps: 5 } });
  anna = await h.user("anna");
});
afterAll(() => h.close());
beforeEach(() => {
  h.model.reset();
  h.mcp.reset();
});

const stored = async (seen: ReadAnswer) => {
  const response = await call(h, anna, "GET", `/api/conversations/${seen.message.metadata?.conversation_id}`);
  return conversationSchema.parse(await response.json()).messages.at(-1);
};
const tools = (seen: ReadAnswer) => seen.message.parts.filter((part) => part.type === "dynamic-tool");

test("a model that never stops calling tools is stopped after the maximum number of steps", async () => {
  h.model.respond = () => [toolCall("list_tasks")];
  const seen = await say(h, anna, "go");
  expect(h.model.journal).toHaveLength(5);
  expect(seen.message.metadata).toMatchObject({ status: "limited", error: expect.stringContaining("5 steps") });
  expect(tools(seen)).toHaveLength(5);
  expect((await stored(seen))?.metadata).toMatchObject({
    status: "limited",
    error: expect.stringContaining("5 steps"),
  });
});

test("sixteen of twenty calls run, the rest are refused, and the run ends", async () => {
  h.model.respond = () => Array.from({ length: 10 }, () => toolCall("list_tasks"));
  const seen = await say(h, anna, "go");
  expect(h.mcp.calls()).toHaveLength(16);
  expect(tools(seen).map((part) => part.state)).toEqual([
    ...Array.from({ length: 16 }, () => "output-available"),
    ...Array.from({ length: 4 }, () => "output-error"),
  ]);
  expect(seen.message.metadata?.status).toBe("limited");
});

test("reads run at most four at a time, changes run one by one and in order", async () => {
  let running = 0;
  const most = { read: 0, write: 0 };
  const order: string[] = [];
  h.mcp.before = async ({ method, params }) => {
    if (method !== "tools/call") return;
    const kind = params?.name === "list_tasks" ? "read" : "write";
    most[kind] = Math.max(most[kind], ++running);
    order.push(String(params?.arguments?.title ?? "read"));
    await new Promise((resolve) => setTimeout(resolve, 50));
    running -= 1;
  };
  const reads = Array.from({ length: 6 }, () => toolCall("list_tasks"));
  const writes = ["first", "second", "third"].map((title) => toolCall("add_task", { title }));
  h.model.respond = playing([...writes, ...reads, toolCall("add_task", { title: "last" })]);
  await say(h, anna, "go");
  expect(most).toEqual({ read: 4, write: 1 });
  expect(order.filter((name) => name !== "read")).toEqual(["first", "second", "third", "last"]);
  expect(order.at(-1)).toBe("last");
});

test("an endless text is cut", async () => {
  h.model.respond = () => [says("x".repeat(100_000))];
  const seen = await say(h, anna, "go");
  expect(seen.message.metadata).toMatchObject({ status: "limited", error: expect.stringContaining("too long") });
  expect(textOf(seen.message)).toHaveLength(64_000);
});

test.each([
  ["length", "limited", /length limit/],
  ["content_filter", "limited", /content filter/],
])("the answer says that it ended with finish reason %s", async (reason, status, error) => {
  h.model.respond = () => [says("half of"), { type: "finish", reason }];
  const seen = await say(h, anna, "go");
  expect(seen.message.metadata).toMatchObject({ status, error: expect.stringMatching(error) });
});

test("a large result reaches the model as valid JSON of at most 8 KB that says what is missing", async () => {
  const rich = await h.user("rich");
  for (let index = 0; index < 60; index++) {
    await call(h, rich, "POST", `/api/${rich.id}/tasks`, { body: { title: `${index} ${"x".repeat(300)}` } });
  }
  h.model.respond = playing([toolCall("list_tasks", { limit: 60 })]);
  await say(h, rich, "go");
  const content = String(h.model.journal[1]?.request.messages.at(-1)?.content);
  expect(Buffer.byteLength(content)).toBeLessThanOrEqual(8 * 1024);
  const result = JSON.parse(content) as { tasks: unknown[]; truncated: string };
  expect(result.tasks.length).toBeGreaterThan(10);
  expect(result.truncated).toContain(`only the first ${result.tasks.length} of 60 tasks`);
});

test("large arguments run whole, and are shown and stored as at most 8 KB that say what is missing", async () => {
  const notes = "n".repeat(9_000);
  h.model.respond = playing([
    toolCall("add_task", { notes, title: "with long notes" }),
    toolCall("add_task", { title: "x".repeat(90_000) }),
  ]);
  const seen = await say(h, anna, "go");
  const shown = tools(seen).map((part) => part.input);
  expect(shown).toEqual([
    { title: "with long notes", truncated: expect.stringContaining("notes") },
    { truncated: expect.stringContaining("title") },
  ]);
  const kept = (await stored(seen))?.parts.flatMap((part) => (part.type === "dynamic-tool" ? [part.input] : []));
  expect(kept).toEqual(shown);
  expect(h.mcp.calls()[0]?.params?.arguments?.notes).toBe(notes);
});

test("a run uses one MCP token and exchanges a new one before that expires", async () => {
  h.model.respond = playing([toolCall("list_tasks")], [toolCall("list_tasks")]);
  h.exchange.log.length = 0;
  await say(h, anna, "go");
  expect(h.exchange.log).toEqual(["run-grant", "mcp"]);
  h.exchange.log.length = 0;
  h.exchange.mcpSeconds = 5;
  await say(h, anna, "go").finally(() => {
    h.exchange.mcpSeconds = 60;
  });
  expect(h.exchange.log.filter((kind) => kind === "mcp").length).toBeGreaterThan(2);
});
