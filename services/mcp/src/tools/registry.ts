import type { Tool as ToolDefinition } from "@modelcontextprotocol/server";
import { addTask } from "./add-task.ts";
import { completeTask } from "./complete-task.ts";
import { deleteTask } from "./delete-task.ts";
import { withUserId } from "./injected-user.ts";
import { listTasks } from "./list-tasks.ts";
import { publishedSchema } from "./published-schema.ts";
import type { AnyTool } from "./tool.ts";
import { updateTask } from "./update-task.ts";

/** Every tool, in the order of `tools/list`. A new one is a file of its own and a line here. */
const TOOLS: readonly AnyTool[] = [listTasks, addTask, updateTask, completeTask, deleteTask];

const BY_NAME: ReadonlyMap<string, AnyTool> = new Map(TOOLS.map((tool) => [tool.name, tool]));

// Made once: building schemas with each request costs more than all the rest of it.
const WITH_USER_ID: readonly ToolDefinition[] = TOOLS.map((tool) => definitionOf(tool, true));
const WITHOUT_USER_ID: readonly ToolDefinition[] = TOOLS.map((tool) => definitionOf(tool, false));

export function findTool(name: string): AnyTool | undefined {
  return BY_NAME.get(name);
}

/** `tools/list`. Clients the user authorised directly don't see `user_id`: for them the token alone counts. */
export function toolDefinitions(options: { userId: boolean }): ToolDefinition[] {
  return [...(options.userId ? WITH_USER_ID : WITHOUT_USER_ID)];
}

function definitionOf(tool: AnyTool, userId: boolean): ToolDefinition {
  const { name, title, description, hints } = tool;
  return {
    name,
    title,
    description,
    inputSchema: userId ? withUserId(publishedSchema(tool.input, "input")) : publishedSchema(tool.input, "input"),
    outputSchema: publishedSchema(tool.output, "output"),
    annotations: { ...hints, openWorldHint: false },
  };
}
