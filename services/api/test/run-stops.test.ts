import { conversationListSchema, conversationSchema, type Message } from "@taskassistant/contracts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { call, type ReadAnswer, say } from "./harness/client.ts";
import { type Harness, type McpRequest, startHarness, type TestUser } from "./harness/harness.ts";
import { playing, says, toolCall } from "./harness/model-scripts.ts";

let h: Harness;
let anna: TestUser;
beforeAll(async () => {
  h = await startHarness({ agent: { runTimeoutSeconds: 4 } });
  // The first run connects and loads; on a busy machine that alone may take longer than the time of a run here.
  await say(h, await h.user("first"), "hello");
});
afterAll(() => h.close());
beforeEach(async () => {
  h.model.reset();
  h.mcp.reset();
  anna = await h.user(`anna ${Math.random()}`);
});

/** The user's only conversation. */
const conversation = async () => {
  const list = conversationListSchema.parse(await (await call(h, anna, "GET", "/api/conversations")).json());
  const response = await call(h, anna, "GET", `/api/conversations/${list.conversations[0]?.id}`);
  return conversationSchema.parse(await response.json());
};
const answer = async (): Promise<Message | undefined> => (await conversation()).messages.at(-1);
const toolsOf = (message: { parts: readonly { type: string }[] } | undefined) =>
  message?.parts.filter((part) => part.type === "dynamic-tool");
/** Lets calls of tools hang until their caller gives up; tells when that was. */
const hanging = () => {
  const given = Promise.withResolvers<McpRequest>();
  const up = Promise.withResolvers<void>();
  h.mcp.before = async (request) => {
    if (request.method !== "tools/call") return;
    given.resolve(request);
    request.gone.addEventListener("abort", () => up.resolve(), { once: true });
    await up.promise;
    return new Response(null, { status: 500 });
  };
  return { begun: given.promise, givenUp: up.promise };
};

test("a reader who leaves during a tool call ends the call, and no other call begins", async () => {
  const { begun, givenUp } = hanging();
  h.model.respond = playing([toolCall("add_task", { title: "first" }), toolCall("add_task", { title: "second" })]);
  const leaving = new AbortController();
  const reading = call(h, anna, "POST", "/api/chat", { body: { message: "go" }, signal: leaving.signal }).then(
    (response) => response.text(),
  );
  await begun;
  leaving.abort();
  await expect(reading).rejects.toThrow();
  await givenUp;
  await vi.waitFor(async () => expect((await answer())?.metadata.status).toBe("stopped"), { timeout: 5_000 });
  expect(h.mcp.calls()).toHaveLength(1);
  expect(h.model.journal).toHaveLength(1);
  expect(toolsOf(await answer())).toMatchObject([
    { input: { title: "first" }, state: "output-error", errorText: expect.stringContaining("may or may not") },
    { state: "output-error", errorText: expect.stringMatching(/^Not run/) },
  ]);
  // The next run reads the same.
  h.mcp.reset();
  h.model.respond = () => [says("I see.")];
  await say(h, anna, "what now", { conversationId: (await conversation()).id });
  const told = JSON.stringify(h.model.journal.at(-1)?.request.messages);
  expect(told).toContain("may or may not have taken effect");
  expect(told).toContain("This answer was stopped.");
});

test("a run whose time is up during a tool call ends the call and says so", async () => {
  const { givenUp } = hanging();
  h.model.respond = playing([toolCall("list_tasks")]);
  const seen = await say(h, anna, "go");
  await givenUp;
  expect(seen.message.metadata).toMatchObject({ status: "limited", error: expect.stringContaining("too long") });
  expect(seen.errors).toEqual([]);
  expect(toolsOf(seen.message)).toMatchObject([
    { errorText: expect.stringMatching(/^The answer ended before this finished/) },
  ]);
});

test("a stream that breaks during a call leaves a call that was not run, in the browser and in the conversation", async () => {
  h.model.respond = () => [
    says("I add it. "),
    toolCall("add_task", { title: "half" }),
    { type: "break" },
    says("never sent"),
  ];
  const seen = await say(h, anna, "go");
  expect(seen.message.metadata).toMatchObject({ status: "failed", code: "model_unavailable" });
  const left = [{ toolName: "add_task", state: "output-error", errorText: expect.stringMatching(/^Not run/) }];
  expect(toolsOf(seen.message)).toMatchObject(left);
  expect(toolsOf(await answer())).toMatchObject(left);
  expect(h.mcp.calls()).toEqual([]);
});

test.each(["length", "content_filter"])("the calls of an answer that was cut with %s are not run", async (reason) => {
  h.model.respond = () => [says("Let me. "), toolCall("add_task", { title: "whole" }), { type: "finish", reason }];
  const seen = await say(h, anna, "go");
  expect(seen.message.metadata?.status).toBe("limited");
  expect(toolsOf(seen.message)).toMatchObject([
    { state: "output-error", errorText: expect.stringContaining("cut off") },
  ]);
  expect([h.mcp.calls(), h.model.journal.length]).toEqual([[], 1]);
});

describe("a restart", () => {
  let own: Harness;
  let user: TestUser;
  beforeEach(async () => {
    own = await startHarness();
    user = await own.user("anna");
  });
  afterEach(() => own.close());

  const status = async (seen: ReadAnswer) => {
    const path = `/api/conversations/${seen.message.metadata?.conversation_id}`;
    const body = await (await call(own, user, "GET", path)).json();
    return conversationSchema.parse(body).messages.at(-1)?.metadata.status;
  };
  test("lets runs finish for a while", async () => {
    own.model.respond = () => [says("quick"), { type: "stall", ms: 300 }, says(" enough")];
    const seen = say(own, user, "hello");
    await vi.waitFor(() => expect(own.model.journal).toHaveLength(1), { timeout: 10_000 });
    await own.api.drain(5_000);
    expect((await seen).message.metadata?.status).toBe("completed");
  });

  test("stores unfinished answers as stopped and stops runs that begin later at once", async () => {
    own.model.respond = () => [says("I am "), { type: "stall" }];
    const seen = say(own, user, "hello");
    await vi.waitFor(() => expect(own.model.journal).toHaveLength(1), { timeout: 10_000 });
    await own.api.drain(100);
    const stopped = await seen;
    expect(stopped.chunks.at(-1)).toMatchObject({ type: "abort" });
    expect(stopped.message.metadata).toMatchObject({ status: "stopped", error: expect.stringContaining("restarted") });
    expect(await status(stopped)).toBe("stopped");

    const late = await say(own, user, "hello again");
    expect(late.message.metadata).toMatchObject({ status: "stopped", error: expect.stringContaining("restarted") });
    expect([await status(late), own.model.journal.length]).toEqual(["stopped", 1]);
  });

  test("also ends runs that began after all others had ended", async () => {
    own.model.respond = () => [says("I am "), { type: "stall" }];
    await own.api.drain(300);
    const seen = await say(own, user, "hello");
    expect(seen.message.metadata).toMatchObject({ status: "stopped", error: expect.stringContaining("restarted") });
    await own.api.drain(0);
    expect(await status(seen)).toBe("stopped");
  });
});
