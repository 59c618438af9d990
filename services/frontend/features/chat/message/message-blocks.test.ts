import type { DynamicToolUIPart } from "ai";
import { expect, test } from "vitest";
import { isFolded, toBlocks } from "./message-blocks.ts";

const call = (id: string, toolName: string) =>
  ({
    type: "dynamic-tool",
    toolCallId: id,
    toolName,
    state: "output-available",
    input: {},
    output: {},
  }) as DynamicToolUIPart;

test("neighbouring calls of one tool share a block, and text separates them", () => {
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
});

test("a look-up is folded while the answer runs or when another call follows, a change never", () => {
  const last = toBlocks([call("1", "add_task"), call("2", "list_tasks")]);
  expect(isFolded(last, 1, false)).toBe(true);
  expect(isFolded(last, 1, true)).toBe(false);
  expect(isFolded(last, 0, true)).toBe(false);
  const followed = toBlocks([call("1", "list_tasks"), call("2", "complete_task")]);
  expect(isFolded(followed, 0, true)).toBe(true);
});
