import type { DynamicToolUIPart } from "ai";
import { expect, test } from "vitest";
import { describeCalls } from "./describe-calls.ts";

const TODAY = "2026-11-22";
const milk = { id: "t_1", title: "Buy milk" };
const bread = { id: "t_2", title: "Buy bread" };

const done = (output: unknown, input: unknown = {}) =>
  ({ state: "output-available", input, output }) as DynamicToolUIPart;
const failed = (errorText: string) => ({ state: "output-error", input: {}, errorText }) as DynamicToolUIPart;
const running = (input: unknown) => ({ state: "input-available", input }) as DynamicToolUIPart;
const sentence = (tool: string, ...calls: DynamicToolUIPart[]) => describeCalls(tool, calls, TODAY).sentence;

test("a card names one task and counts several across calls", () => {
  expect(sentence("add_task", done({ task: milk }))).toBe("Added “Buy milk”");
  expect(sentence("add_task", done({ task: milk }), done({ task: bread }))).toBe("Added 2 tasks");
  expect(sentence("complete_task", done({ tasks: [milk], failures: [] }))).toBe("Completed “Buy milk”");
  expect(sentence("delete_task", done({ tasks: [milk, bread], failures: [] }))).toBe("Moved 2 tasks to the trash");
  expect(sentence("update_task", done({ task: milk }))).toBe("Changed “Buy milk”");
});

test("the card of a list says how many tasks there are and what was asked for", () => {
  const page = (total: number) => ({ tasks: [milk], total, next_cursor: null });
  expect(sentence("list_tasks", done(page(1)))).toBe("1 task");
  expect(sentence("list_tasks", done(page(0)))).toBe("No tasks");
  expect(sentence("list_tasks", done(page(12), { query: "milk" }))).toBe("12 tasks with “milk”");
  expect(sentence("list_tasks", done(page(3), { due_from: TODAY, due_to: TODAY }))).toBe("3 tasks due today");
  expect(sentence("list_tasks", done(page(2), { due_to: "2026-11-21" }))).toBe("2 tasks overdue");
  expect(sentence("list_tasks", done(page(2), { status: "done" }))).toBe("2 done tasks");
});

test("a list that could not carry everything says how much is missing", () => {
  expect(describeCalls("list_tasks", [done({ tasks: [milk], total: 12, next_cursor: "x" })], TODAY).more).toBe(11);
});

test("a card claims nothing that did not happen", () => {
  expect(describeCalls("complete_task", [failed("There is no task t_9.")], TODAY)).toMatchObject({
    state: "failed",
    sentence: "Nothing was completed",
    failures: ["There is no task t_9."],
  });
  const half = done({ tasks: [milk], failures: [{ id: "t_9", message: "gone" }] });
  expect(describeCalls("complete_task", [half], TODAY)).toMatchObject({
    state: "done",
    sentence: "Completed “Buy milk”",
    failures: ["gone"],
  });
  const none = done({ tasks: [], failures: [{ id: "t_9", message: "gone" }] });
  expect(describeCalls("complete_task", [none], TODAY).state).toBe("failed");
});

test("a running call says what it is about, and one without a result after the answer is not finished", () => {
  expect(describeCalls("add_task", [running({ title: "Buy milk" })], TODAY)).toMatchObject({
    state: "running",
    sentence: "Adding “Buy milk”",
  });
  expect(describeCalls("add_task", [running({ title: "Buy milk" })], TODAY, true)).toMatchObject({
    state: "failed",
    sentence: "Not finished: Adding “Buy milk”",
  });
});

test("a tool that the catalogue does not know has a plain card", () => {
  expect(describeCalls("mystery_tool", [done({})], TODAY)).toMatchObject({
    sentence: "Used mystery tool",
    icon: null,
    undo: null,
    tasks: [],
  });
});
