import type { ModelState } from "./model-report.ts";

/** The outcomes of probing the services that people use. A text describes what is wrong with one. */
export interface ProbeResult {
  /** Undefined when no API pod tells. It says nothing about the services. */
  readonly model?: ModelState;
  readonly frontend?: string;
  readonly mcp?: string;
}

/** The last answer; `disabled` when the operator's settings turn probes off, undefined before the first answer. */
export type ProbeOutcome = ProbeResult | "disabled" | undefined;
