import type { AgentMessage, ToolCall } from "./model/driver.ts";

/** How much the agent may spend on one question. */
export interface AgentLimits {
  /** Maximum number of steps, which is also that of model calls. */
  readonly steps: number;
  /** Maximum number of tool calls. */
  readonly toolCalls: number;
  /** Maximum number of characters the agent says. */
  readonly textLength: number;
  /** Maximum time, in milliseconds. */
  readonly ms: number;
}

/** How the agent ends when nothing fails. `limited` carries a sentence for the person. */
export type AgentEnd = { readonly status: "completed" } | { readonly status: "limited"; readonly error: string };

/** What the agent does next. */
export type NextMove =
  | { readonly do: "ask-model" }
  | {
      readonly do: "run-calls";
      /** Calls of the last answer that have not run yet, as the model wrote them. */
      readonly calls: readonly ToolCall[];
      /** Calls of the last answer that exceed the limit and will not run. */
      readonly refused: readonly ToolCall[];
    }
  | { readonly do: "end"; readonly end: AgentEnd };

/**
 * Everything the agent knows between two moves, as plain JSON. A run can be written down after any move and continued
 * from there by another process; see `advance`.
 */
export interface AgentState {
  /** What the model reads when it is asked next. */
  readonly messages: readonly AgentMessage[];
  readonly next: NextMove;
  readonly limits: AgentLimits;
  /** What is left of the limits. Whoever continues a run ends it after `left.ms`. */
  readonly left: AgentLimits;
  /** Ids of calls that the conversation has used. Ids must differ within a request. */
  readonly usedIds: readonly string[];
  /** Fingerprints of the calls that have worked, one for each time. */
  readonly worked: readonly string[];
  /** The calls that have failed, with the error, and the steps that were left then. */
  readonly failed: readonly FailedCall[];
}

/** A call that a tool refused. */
export interface FailedCall {
  readonly what: string;
  readonly stepsLeft: number;
}

/** The state before the first move: the model is about to read `messages`, of which the question is the last. */
export function initialState(messages: readonly AgentMessage[], limits: AgentLimits): AgentState {
  const usedIds = messages.flatMap((message) =>
    message.role === "assistant" ? message.calls.map(({ id }) => id) : [],
  );
  return { messages, next: { do: "ask-model" }, limits, left: limits, usedIds, worked: [], failed: [] };
}
