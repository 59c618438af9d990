import type { OpaqueFields } from "./model/driver.ts";

/**
 * What a provider wants back with the messages of one stored answer. It means something to this endpoint and model alone.
 */
export interface KeptState {
  /** `ModelDriver.origin` of the answer. */
  readonly origin: string;
  /** The steps of the answer in order: together they have all of its parts. */
  readonly steps: readonly KeptStep[];
}

export interface KeptStep {
  /** How many parts of the answer belong to this step. */
  readonly parts: number;
  readonly message?: OpaqueFields;
  /** By the id of the call. */
  readonly calls?: Readonly<Record<string, OpaqueFields>>;
}
