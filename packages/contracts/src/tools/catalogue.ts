import { foundTasks, trashedTasks } from "./cards.ts";
import type { ToolEntry } from "./tool.ts";

const READS = { readOnlyHint: true, destructiveHint: false, idempotentHint: true } as const;

/**
 * Every tool, in the order of `tools/list`. Programs refer to a tool by its key here; its name appears nowhere else.
 * The input of each is in `TOOL_INPUTS`, what it does in the MCP server.
 */
export const TOOLS = {
  listTasks: {
    name: "list_tasks",
    title: "List tasks",
    description:
      "Lists tasks by due day (those without one last). Use it to answer questions and to find the ids other tools need. Overdue: due_to = yesterday.",
    scope: "tasks:read",
    hints: READS,
    output: "page",
    card: {
      kind: "lookup",
      icon: "list-checks",
      words: { running: "Looking through your tasks", failed: "Your tasks could not be read", found: foundTasks },
    },
  },
  addTask: {
    name: "add_task",
    title: "Add a task",
    description: "Adds one task to the user's list. Call it once for each task.",
    scope: "tasks:write",
    hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    output: "task",
    card: {
      kind: "change",
      icon: "circle-check",
      words: {
        running: "Adding",
        one: (title) => `Added “${title}”`,
        many: (tasks) => `Added ${tasks}`,
        none: "Nothing was added",
      },
      showsDue: true,
      undo: "remove",
    },
  },
  updateTask: {
    name: "update_task",
    title: "Change a task",
    description: "Changes the given fields of one task; the others stay. done: false opens a finished task again.",
    scope: "tasks:write",
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    output: "task",
    card: {
      kind: "change",
      icon: "pencil-line",
      words: {
        running: "Changing",
        one: (title) => `Changed “${title}”`,
        many: (tasks) => `Changed ${tasks}`,
        none: "Nothing was changed",
      },
      showsDue: true,
    },
  },
  completeTask: {
    name: "complete_task",
    title: "Complete tasks",
    description: "Marks tasks as done.",
    scope: "tasks:write",
    hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
    output: "changes",
    card: {
      kind: "change",
      icon: "circle-check",
      words: {
        running: "Completing",
        one: (title) => `Completed “${title}”`,
        many: (tasks) => `Completed ${tasks}`,
        none: "Nothing was completed",
      },
      undo: "reopen",
    },
  },
  deleteTask: {
    name: "delete_task",
    title: "Delete tasks",
    description: "Moves tasks to the trash. Only when the user asked for it; use complete_task for finished ones.",
    scope: "tasks:write",
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    output: "changes",
    card: {
      kind: "change",
      icon: "trash-2",
      words: {
        running: "Moving to the trash",
        one: (title) => `Moved “${title}” to the trash`,
        many: (tasks) => `Moved ${tasks} to the trash`,
        none: "Nothing was deleted",
      },
      gone: true,
      undo: "restore",
    },
  },
  listTrash: {
    name: "list_trash",
    title: "List the trash",
    description: "Lists deleted tasks that can still be restored, the newest first.",
    scope: "tasks:read",
    hints: READS,
    output: "page",
    card: {
      kind: "lookup",
      icon: "trash-2",
      words: { running: "Looking through the trash", failed: "The trash could not be read", found: trashedTasks },
    },
  },
  restoreTask: {
    name: "restore_task",
    title: "Restore tasks",
    description: "Takes tasks out of the trash.",
    scope: "tasks:write",
    hints: { readOnlyHint: false, destructiveHint: false, idempotentHint: true },
    output: "changes",
    card: {
      kind: "change",
      icon: "undo-2",
      words: {
        running: "Restoring",
        one: (title) => `Restored “${title}”`,
        many: (tasks) => `Restored ${tasks}`,
        none: "Nothing was restored",
      },
      undo: "remove",
    },
  },
  emptyTrash: {
    name: "empty_trash",
    title: "Empty the trash",
    description:
      "Deletes the tasks in the trash for good, except those deleted within the last hour. Only when the user asked for it.",
    scope: "tasks:write",
    hints: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
    output: "emptied",
    card: {
      kind: "change",
      icon: "trash-2",
      words: {
        running: "Emptying the trash",
        one: (title) => `Deleted “${title}” for good`,
        many: (tasks) => `Deleted ${tasks} for good`,
        none: "Emptied the trash",
      },
      gone: true,
    },
  },
} as const satisfies Record<string, ToolEntry>;

/** What programs call a tool by. */
export type ToolId = keyof typeof TOOLS;

/** What a tool is called on the wire. */
export type ToolName = (typeof TOOLS)[ToolId]["name"];

export const TOOL_IDS = Object.keys(TOOLS) as ToolId[];

/** The tool of a name that came over the wire; undefined for a tool of somebody else, or of another version. */
export function toolNamed(name: string): (ToolEntry & { readonly id: ToolId }) | undefined {
  const id = TOOL_IDS.find((candidate) => TOOLS[candidate].name === name);
  return id === undefined ? undefined : { id, ...TOOLS[id] };
}
