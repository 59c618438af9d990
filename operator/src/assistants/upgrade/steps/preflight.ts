import { progressLimitMs, type Step } from "./step.ts";

/** Waits until everything that the spec names exists and the database accepts connections. */
export const preflight: Step = {
  moves: [],
  limitMs: progressLimitMs,
  state: ({ observed }) => (observed.isPrepared ? "done" : "waiting"),
};
