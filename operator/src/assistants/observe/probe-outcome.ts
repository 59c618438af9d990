/** The outcomes of probing the services that people use. A text describes what is wrong with one. */
export interface ProbeResult {
  readonly frontend?: string;
  readonly mcp?: string;
}

/** The last answer; `disabled` when the operator's settings turn probes off, undefined before the first answer. */
export type ProbeOutcome = ProbeResult | "disabled" | undefined;
