import type { Scope } from "@taskassistant/contracts";
import type { Tasks } from "@taskassistant/tasks";
import type { z } from "zod";

/** What a tool hands back: for programs (by the output schema) and in words. */
export type ToolResult<Output> = { structured: Output; text: string };

/** Hints for clients (MCP `ToolAnnotations`); nothing here reaches outside the user's tasks. */
export type ToolHints = { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean };

/** A tool as one plain object. The input is without `user_id`: who the user is, the tool never learns from arguments. */
export type Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> = {
  name: string;
  title: string;
  /** For a language model: what it does and when to use it, in few words. */
  description: string;
  scope: Scope;
  hints: ToolHints;
  input: Input;
  output: Output;
  run(tasks: Tasks, input: z.output<Input>): Promise<ToolResult<z.input<Output>>>;
};

/** A tool whose types are checked against its own schemas, made ready for a list of different tools. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(tool: Tool<Input, Output>): AnyTool {
  return {
    ...tool,
    parseAndRun: async (tasks, input) => tool.run(tasks, tool.input.parse(input)),
  };
}

/** A tool of any types. `parseAndRun` parses the arguments first and throws `ZodError` for wrong ones. */
export type AnyTool = Omit<Tool, "run"> & {
  parseAndRun(tasks: Tasks, input: unknown): Promise<ToolResult<Record<string, unknown>>>;
};
