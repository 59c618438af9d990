/** One reason of a condition: what it means, and what a person can do about it. */
export interface ReasonEntry {
  /** `as found`: that of the finding whose reason it takes over. */
  readonly status: "True" | "False" | "Unknown" | "as found";
  readonly meaning: string;
  readonly fix?: string;
  /** Nothing changes until a person acts. Shown as Stalled. */
  readonly needsUser?: true;
  /** It may be over in seconds, so Ready follows only when it lasts. */
  readonly passing?: true;
  /** Its Event is a warning, though it may pass without a person. */
  readonly warning?: true;
}

/** A condition type: its meaning and all its reasons. */
export type ReasonCatalogue = Readonly<
  Record<string, { readonly meaning: string; readonly reasons: Readonly<Record<string, ReasonEntry>> }>
>;
