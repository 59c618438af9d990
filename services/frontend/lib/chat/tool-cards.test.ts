import type { DynamicToolUIPart } from "ai";
import { expect, test } from "vitest";
import { groupTasks } from "../tasks/task-groups.ts";
import { isLookup, toBlocks } from "./message-blocks.ts";
import { daySummary, suggestionsFor } from "./suggestions.ts";
import { describeTools } from "./tool-cards.ts";

const TODAY = "2026-11-22";
const milk = { id: "t_1", title: "Buy milk" };
const bread = { id: "t_2", title: "Buy bread" };

const done = (output: unknown, input: unknown = {}) =>
  ({ state: "output-available", input, output }) as DynamicToolUIPart;
const failed = (errorText: string) => ({ state: "output-error", input: {}, errorText }) as DynamicToolUIPart;
const running = (input: unknown) => ({ state: "input-available", input }) as DynamicToolUIPart;
const sentence = (tool: string, ...calls: DynamicToolUIPart[]) => describeTools(tool, calls, TODAY).sentence;

test("one task is named, several are counted across calls", () => {
  expect(sentence("add_task", done({ task: milk }))).toBe("Added “Buy milk”");
  expect(sentence("add_task", done({ task: milk }), done({ task: bread }))).toBe("Added 2 tasks");
  expect(sentence("complete_task", done({ tasks: [milk], failures: [] }))).toBe("Completed “Buy milk”");
  expect(sentence("delete_task", done({ tasks: [milk, bread] }))).toBe("Moved 2 tasks to the trash");
  expect(sentence("update_task", done(milk))).toBe("Changed “Buy milk”");
});

test("a list says how many there are in all and what was asked for", () => {
  const page = (total: number) => ({ tasks: [milk], total, next_cursor: null });
  expect(sentence("list_tasks", done(page(1)))).toBe("1 task");
  expect(sentence("list_tasks", done(page(0)))).toBe("No tasks");
  expect(sentence("list_tasks", done(page(12), { query: "milk" }))).toBe("12 tasks with “milk”");
  expect(sentence("list_tasks", done(page(3), { due_from: TODAY, due_to: TODAY }))).toBe("3 tasks due today");
  expect(sentence("list_tasks", done(page(2), { due_to: "2026-11-21" }))).toBe("2 tasks overdue");
  expect(sentence("list_tasks", done(page(2), { status: "done" }))).toBe("2 done tasks");
});

test("a list that could not carry everything says how much is missing", () => {
  expect(describeTools("list_tasks", [done({ tasks: [milk], total: 12, next_cursor: "x" })], TODAY).more).toBe(11);
});

test("the MCP envelope is opened, structured or as text", () => {
  expect(sentence("add_task", done({ structuredContent: { task: milk } }))).toBe("Added “Buy milk”");
  expect(sentence("add_task", done({ content: [{ type: "text", text: JSON.stringify({ task: milk }) }] }))).toBe(
    "Added “Buy milk”",
  );
});

test("nothing is claimed that did not happen", () => {
  expect(describeTools("complete_task", [failed("There is no task t_9.")], TODAY)).toMatchObject({
    state: "failed",
    sentence: "Nothing was completed",
    failures: ["There is no task t_9."],
  });
  const half = describeTools(
    "complete_task",
    [done({ tasks: [milk], failures: [{ id: "t_9", message: "gone" }] })],
    TODAY,
  );
  expect(half).toMatchObject({ state: "done", sentence: "Completed “Buy milk”", failures: ["gone"] });
  expect(
    describeTools("complete_task", [done({ tasks: [], failures: [{ id: "t_9", message: "gone" }] })], TODAY).state,
  ).toBe("failed");
});

test("a running call says what it is about", () => {
  expect(describeTools("add_task", [running({ title: "Buy milk" })], TODAY)).toMatchObject({
    state: "running",
    sentence: "Adding “Buy milk”",
  });
  expect(describeTools("add_task", [running({ title: "Buy milk" })], TODAY, true)).toMatchObject({
    state: "failed",
    sentence: "Not finished: Adding “Buy milk”",
  });
  expect(sentence("mystery_tool", done({}))).toBe("Used mystery tool");
});

test("neighbouring calls of one tool share a card, text parts them", () => {
  const call = (id: string, toolName: string) =>
    ({ ...done({}), type: "dynamic-tool", toolCallId: id, toolName }) as DynamicToolUIPart;
  const blocks = toBlocks([
    call("1", "add_task"),
    { type: "step-start" },
    { type: "text", text: "  " },
    call("2", "add_task"),
    { type: "text", text: "and" },
    call("3", "add_task"),
    call("4", "list_tasks"),
  ]);
  expect(blocks.map((block) => (block.kind === "tools" ? block.calls.length : block.text))).toEqual([2, "and", 1, 1]);
  expect(isLookup(blocks, 3, false)).toBe(true);
  expect(isLookup(blocks, 3, true)).toBe(false);
  expect(isLookup(blocks, 0, true)).toBe(false);
});

test("suggestions come from the person's own tasks, starters when there are none", () => {
  const base = { notes: "", done: false, version: 1, created_at: "", updated_at: "", completed_at: null };
  const own = groupTasks(
    [
      { ...base, ...milk, due: "2026-11-20" },
      { ...base, ...bread, due: TODAY },
    ],
    TODAY,
  );
  const prompts = suggestionsFor(own).map(({ prompt }) => prompt);
  expect(prompts).toHaveLength(4);
  expect(prompts.slice(0, 3)).toEqual(['move "Buy milk" to today', "what is due today?", 'mark "Buy bread" as done']);
  expect(prompts[3]).not.toBe(suggestionsFor(groupTasks([], TODAY))[0]?.prompt);
  expect(daySummary(own)).toBe("One task is overdue, one is due today.");
  const none = groupTasks([], TODAY);
  expect(suggestionsFor(none)).toHaveLength(4);
  expect(daySummary(none)).toBeNull();
});
