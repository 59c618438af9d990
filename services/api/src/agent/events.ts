import type { OpaqueFields } from "./model/driver.ts";

/** What happens while the agent works, in order: shown to the browser and kept as the parts of the answer. Plain JSON. */
export type AgentEvent =
  | { type: "step-start" }
  | { type: "step-finish" }
  | { type: "text"; delta: string }
  | { type: "reasoning"; delta: string }
  /** All text of this step so far was reasoning. */
  | { type: "text-was-reasoning" }
  /** What the provider wants back with this step's message and calls. It is stored and never shown. */
  | { type: "step-state"; message: OpaqueFields | undefined; calls: Readonly<Record<string, OpaqueFields>> }
  | { type: "tool-start"; id: string; name: string }
  | { type: "tool-input"; id: string; name: string; input: unknown }
  | { type: "tool-output"; id: string; output: unknown }
  | { type: "tool-error"; id: string; error: string };
