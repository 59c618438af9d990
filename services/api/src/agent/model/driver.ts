/** Fields of a provider that only it understands, such as signatures of its reasoning. They go back to it unchanged. */
export type OpaqueFields = Readonly<Record<string, unknown>>;

/** A call the model asks for. `arguments` is the text the model wrote, which may be anything. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  /** What the provider put on this call besides. */
  readonly state?: OpaqueFields;
  /** Why the call can't be run although it has a name; a sentence for the model. */
  readonly unreadable?: string;
}

/** One message of a conversation as the model reads it, whatever the provider's API looks like. Plain JSON. */
export type AgentMessage =
  | { readonly role: "system" | "user"; readonly content: string }
  | {
      readonly role: "assistant";
      readonly content: string;
      readonly calls: readonly ToolCall[];
      /** What the provider put on this message besides, its reasoning above all. */
      readonly state?: OpaqueFields;
    }
  | { readonly role: "tool"; readonly callId: string; readonly content: string };

/** A tool as the model sees it. `parameters` is JSON Schema. */
export interface ModelTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: Record<string, unknown>;
  readonly readOnly: boolean;
  /** The arguments as the tool takes them, or undefined where it refuses them. */
  accept(value: Record<string, unknown>): Record<string, unknown> | undefined;
}

/** Why an answer ended: the model was done, it reached its length limit, or the provider's content filter cut it. */
export type AnswerEnd = "stop" | "length" | "filtered";

/**
 * What a driver yields while the model answers. An answer has text, reasoning, calls, an end, and state that only its
 * provider understands. `text-was-reasoning` says that all text of this answer so far was reasoning. Names of tools are
 * usable ones (see `usableName`); ids are the provider's own and may repeat. `done` is the last event; an answer without
 * it broke off.
 */
export type ModelEvent =
  | { type: "text"; delta: string }
  | { type: "reasoning"; delta: string }
  | { type: "text-was-reasoning" }
  | { type: "call-start"; id: string; name: string }
  | { type: "done"; calls: readonly ToolCall[]; reason: AnswerEnd; state?: OpaqueFields };

export interface ModelRequest {
  readonly messages: readonly AgentMessage[];
  readonly tools: readonly ModelTool[];
  readonly signal: AbortSignal;
}

/** Speaks one provider API ("wire"). There is one implementation per wire, in a folder of its own beside this file. */
export interface ModelDriver {
  /** Names the endpoint and the model, for which alone the state of an answer means something. */
  readonly origin: string;
  /** Asks the model once. Throws `ModelError`, or the abort reason of the signal. */
  ask(request: ModelRequest): AsyncIterable<ModelEvent>;
}
