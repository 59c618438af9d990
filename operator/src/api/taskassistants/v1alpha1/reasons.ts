import { database } from "./reasons/database.ts";
import type { ReasonCatalogue } from "./reasons/entry.ts";
import { servers } from "./reasons/servers.ts";
import { summaries } from "./reasons/summaries.ts";
import { upgrades } from "./reasons/upgrades.ts";

export type { ReasonCatalogue, ReasonEntry } from "./reasons/entry.ts";

/** Every condition and every reason there is. The reference page is generated from it. */
export const REASONS = { ...summaries, ...database, ...servers, ...upgrades } as const satisfies ReasonCatalogue;

/** Condition types. */
export type ConditionType = keyof typeof REASONS;

/** The reasons of one condition type. */
export type ReasonOf<T extends ConditionType> = Extract<keyof (typeof REASONS)[T]["reasons"], string>;
