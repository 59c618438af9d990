import type { Scope } from "../tokens.ts";
import type { Card } from "./cards.ts";

/**
 * What a tool gives back for programs. Each shape has its schema in `TOOL_OUTPUTS`:
 * `task` is one task, `page` a page of a list, `changes` the changed tasks and what failed of several,
 * `emptied` how many tasks were deleted for good.
 */
export type OutputShape = "task" | "page" | "changes" | "emptied";

/** Hints for clients, as MCP's `ToolAnnotations` has them. */
export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
}

/** Everything that is known of a tool besides its input schema and what it does. */
export interface ToolEntry {
  /** On the wire, and what a model calls it by. */
  readonly name: string;
  readonly title: string;
  /** For a language model: what the tool does and when to use it, in few words. */
  readonly description: string;
  readonly scope: Scope;
  /** A tool with `readOnlyHint` may run beside others, and its card folds when another call follows. */
  readonly hints: ToolHints;
  readonly output: OutputShape;
  readonly card: Card;
}
