import type { Tool as ToolDefinition } from "@modelcontextprotocol/server";
import { TOOL_IDS, TOOL_INPUTS, TOOL_OUTPUTS, TOOLS, type ToolId } from "@taskassistant/contracts";
import { inWords } from "./in-words.ts";
import { withUserId } from "./injected-user.ts";
import { optionalArguments, withoutBlanks } from "./not-given.ts";
import { publishedSchema, withoutFormats } from "./published-schema.ts";
import { taskTools } from "./tasks.ts";
import type { Runs, Tool } from "./tool.ts";

/** A tool of the catalogue without its function is a type error here. */
const RUNS: Runs = { ...taskTools };

const BY_NAME: ReadonlyMap<string, Tool> = new Map(TOOL_IDS.map((id) => [TOOLS[id].name, toolOf(id)]));

// Created once, because building the schemas costs more than the rest of a request.
const WITH_USER_ID: readonly ToolDefinition[] = [...BY_NAME.values()].map((tool) => definitionOf(tool, true));
const WITHOUT_USER_ID: readonly ToolDefinition[] = [...BY_NAME.values()].map((tool) => definitionOf(tool, false));

export function findTool(name: string): Tool | undefined {
  return BY_NAME.get(name);
}

/** `tools/list`. Clients the user authorised directly do not see `user_id`: for them the token alone counts. */
export function toolDefinitions(options: { userId: boolean }): ToolDefinition[] {
  return [...(options.userId ? WITH_USER_ID : WITHOUT_USER_ID)];
}

function toolOf(id: ToolId): Tool {
  const inputSchema = TOOL_INPUTS[id];
  const optional = optionalArguments(inputSchema);
  const parse = (input: Record<string, unknown>) =>
    inputSchema.parse(withoutBlanks(input, optional), { error: inWords });
  return {
    ...TOOLS[id],
    inputSchema,
    outputSchema: TOOL_OUTPUTS[TOOLS[id].output],
    // The id ties the schema to the function, which the compiler can't follow.
    parseAndRun: async (tasks, input) => ({ ...(await RUNS[id](tasks, parse(input) as never)) }),
  };
}

function definitionOf(tool: Tool, userId: boolean): ToolDefinition {
  const input = publishedSchema(tool.inputSchema, "input");
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: userId ? withUserId(input) : withoutFormats(input),
    outputSchema: publishedSchema(tool.outputSchema, "output"),
    annotations: { ...tool.hints, openWorldHint: false },
  };
}
