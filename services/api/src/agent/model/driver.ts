/** A call the model asks for. `arguments` is the text the model wrote, which may be anything. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** One message of a conversation as the model reads it, whatever the provider's API looks like. Plain JSON. */
export type AgentMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | { readonly role: "assistant"; readonly content: string; readonly calls: readonly ToolCall[] }
  | { readonly role: "tool"; readonly callId: string; readonly content: string };

/** A tool as the model sees it. `parameters` is JSON Schema. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Record<string, unknown>;
}

/** Why an answer ended: the model was done, it reached its length limit, or the provider's content filter cut it. */
export type AnswerEnd = "stop" | "length" | "filtered";

/**
 * What a driver yields while the model answers. Names of tools are usable ones (see `usableName`); ids are the provider's
 * own and may repeat. `done` is the last event; an answer without it broke off.
 */
export type ModelEvent =
  | { type: "text"; delta: string }
  | { type: "call-start"; id: string; name: string }
  | { type: "done"; calls: readonly ToolCall[]; reason: AnswerEnd };

export interface ModelRequest {
  readonly messages: readonly AgentMessage[];
  readonly tools: readonly ModelTool[];
  readonly signal: AbortSignal;
}

/** Speaks one provider API ("wire"). There is one implementation per wire, in a folder of its own beside this file. */
export interface ModelDriver {
  /** Asks the model once. Throws `ModelError`, or the abort reason of the signal. */
  ask(request: ModelRequest): AsyncIterable<ModelEvent>;
}
