/** What happens while the agent works, in order: shown to the browser and kept as the parts of the answer. Plain JSON. */
export type AgentEvent =
  | { type: "step-start" }
  | { type: "step-finish" }
  | { type: "text"; delta: string }
  | { type: "tool-start"; id: string; name: string }
  | { type: "tool-input"; id: string; name: string; input: unknown }
  | { type: "tool-output"; id: string; output: unknown }
  | { type: "tool-error"; id: string; error: string };
