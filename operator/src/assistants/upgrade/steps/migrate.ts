import { migrationSeconds } from "../../desired/index.ts";
import type { Step } from "./step.ts";

/** For the Job to be created and, at its own deadline, to be ended by its controller. */
const MARGIN_MS = 30_000;

/** Brings the schema to the new release, while the pods of the old one go on working on it. */
export const migrate: Step = {
  moves: ["db", "migrate"],
  limitMs: (spec) => migrationSeconds(spec) * 1000 + MARGIN_MS,
  state: ({ observed }, { to, stepStartedAt }) => {
    const state = observed.migration(to, new Date(stepStartedAt));
    return state === "pending" ? "waiting" : state;
  },
};
