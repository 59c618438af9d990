import type { TOOL_INPUTS, TOOLS, ToolEntry, ToolId, ToolOutput } from "@taskassistant/contracts";
import type { Tasks } from "@taskassistant/tasks";
import type { z } from "zod";

/** What a tool does. It never learns from its arguments who the user is: `tasks` are that user's. */
export type Run<Id extends ToolId> = (
  tasks: Tasks,
  input: z.output<(typeof TOOL_INPUTS)[Id]>,
) => Promise<ToolOutput<(typeof TOOLS)[Id]["output"]>>;

/** One function for each tool of the catalogue. */
export type Runs = { readonly [Id in ToolId]: Run<Id> };

/** A tool ready to be published and called. */
export interface Tool extends ToolEntry {
  readonly inputSchema: z.ZodObject;
  readonly outputSchema: z.ZodObject;
  /** Parses the arguments first; throws `ZodError` when they are wrong. Gives the result in the tool's output shape. */
  parseAndRun(tasks: Tasks, input: Record<string, unknown>): Promise<Record<string, unknown>>;
}
