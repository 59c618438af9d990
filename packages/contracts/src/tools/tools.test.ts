import { describe, expect, test } from "vitest";
import { SCOPES, type Task, TOOL_EXAMPLES, TOOL_INPUTS } from "../index.ts";
import { readToolOutput, TOOL_IDS, TOOLS, type ToolEntry, toolNamed } from "./index.ts";

const TODAY = "2026-11-22";
/** What a reader looks at of a task. */
const milk = { id: "t_0123456789ab", title: "Buy milk" } as Task;
const tools: [string, ToolEntry][] = Object.entries(TOOLS);

describe("the catalogue of tools", () => {
  test("no two tools share a name, and each name is one that every model provider accepts", () => {
    const names = tools.map(([, tool]) => tool.name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z_]{1,62}$/);
  });

  test.each(tools)("%s reads with the scope to read and changes with the scope to write", (_id, tool) => {
    expect(SCOPES).toContain(tool.scope);
    expect(tool.scope === "tasks:read").toBe(tool.hints.readOnlyHint);
    expect(tool.card.kind === "lookup").toBe(tool.hints.readOnlyHint);
  });

  test.each(TOOL_IDS)("the example of %s is a call that the tool accepts", (id) => {
    expect(TOOL_INPUTS[id].safeParse(TOOL_EXAMPLES[id]).error?.message).toBeUndefined();
  });

  test.each(TOOL_IDS)("%s refuses an argument it does not know, a user's id among them", (id) => {
    for (const name of ["user_id", "sub", "anything"]) {
      expect(TOOL_INPUTS[id].safeParse({ ...TOOL_EXAMPLES[id], [name]: "x" }).success, name).toBe(false);
    }
  });

  test("a tool is found by its name on the wire, and nothing else is", () => {
    for (const id of TOOL_IDS) expect(toolNamed(TOOLS[id].name)?.id).toBe(id);
    for (const name of ["", "addTask", "drop_tables", "constructor", "__proto__"]) {
      expect(toolNamed(name), name).toBeUndefined();
    }
  });
});

describe("the words of a card", () => {
  const found = (total: number, input: Record<string, unknown> = {}) =>
    TOOLS.listTasks.card.words.found({ total, titles: [], input, today: TODAY });

  test("say how many tasks there are and what was asked for", () => {
    expect(found(1)).toBe("1 task");
    expect(found(0)).toBe("No tasks");
    expect(found(1_200)).toBe("1,200 tasks");
    expect(found(12, { query: "milk" })).toBe("12 tasks with “milk”");
    expect(found(2, { status: "done" })).toBe("2 done tasks");
    expect(found(2, { project: "Work", tag: "calls", query: null })).toBe("2 tasks in “Work” tagged “calls”");
    expect(found(3, { due_from: TODAY, due_to: TODAY })).toBe("3 tasks due today");
    expect(found(3, { due_to: TODAY })).toBe("3 tasks due by today");
    expect(found(2, { due_to: "2026-11-21" })).toBe("2 tasks overdue");
  });

  test("name one task and count several", () => {
    expect(TOOLS.addTask.card.words.one("Buy milk")).toBe("Added “Buy milk”");
    expect(TOOLS.deleteTask.card.words.many("2 tasks")).toBe("Moved 2 tasks to the trash");
  });
});

describe("reading a tool's output", () => {
  test.each([
    ["task", { task: milk }, { tasks: [milk], total: 1, failures: [] }],
    ["page", { tasks: [milk], total: 12, next_cursor: "x" }, { tasks: [milk], total: 12, failures: [] }],
    [
      "changes",
      { tasks: [milk], failures: [{ id: "t_9", message: "there is no task t_9" }] },
      { tasks: [milk], total: 1, failures: ["there is no task t_9"] },
    ],
  ] as const)("finds the tasks and the failures in the shape %s", (shape, output, outcome) => {
    expect(readToolOutput(shape, output)).toEqual(outcome);
  });

  test("finds no tasks in an output of another form", () => {
    const none = { tasks: [], total: 0, failures: [] };
    for (const output of [undefined, null, "text", { text: "too long" }, [milk], { task: "x" }, { tasks: [1, null] }]) {
      for (const shape of ["task", "page", "changes"] as const) {
        expect(readToolOutput(shape, output), JSON.stringify(output)).toEqual(none);
      }
    }
  });
});
