/** A call the model asks for. `arguments` is the text it wrote, which may be anything. */
export type ToolCall = { id: string; name: string; arguments: string };

/** A conversation as the model sees it, whatever the provider's API looks like. */
export type AgentMessage =
  | { role: "system" | "user"; content: string }
  | { role: "assistant"; content: string; calls: readonly ToolCall[] }
  | { role: "tool"; callId: string; content: string };

/** A tool as the model sees it. */
export type ModelTool = { name: string; description: string; parameters: Record<string, unknown> };

/** What a model driver yields during one step. `done` is the last one; without it the stream broke. */
export type ModelEvent =
  | { type: "text"; delta: string }
  | { type: "call-start"; id: string; name: string }
  | { type: "done"; calls: readonly ToolCall[]; reason: "stop" | "length" | "filtered" };

/** One model call. Throws `TurnError`, or the abort reason of the signal. */
export type ModelDriver = {
  step(request: {
    messages: readonly AgentMessage[];
    tools: readonly ModelTool[];
    signal: AbortSignal;
  }): AsyncIterable<ModelEvent>;
};

/** What happens during a turn, in order: shown to the browser and kept as the parts of the message. */
export type TurnEvent =
  | { type: "step-start" }
  | { type: "step-finish" }
  | { type: "text"; delta: string }
  | { type: "tool-start"; id: string; name: string }
  | { type: "tool-input"; id: string; name: string; input: unknown }
  | { type: "tool-output"; id: string; output: unknown }
  | { type: "tool-error"; id: string; error: string };
