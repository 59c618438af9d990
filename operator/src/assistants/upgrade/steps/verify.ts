import { progressLimitMs, type Step } from "./step.ts";

/** People already use the new release, so a wrong answer must not last. */
const MAX_MS = 120_000;

/** Asks what people use, after every tier has the new release. */
export const verify: Step = {
  moves: [],
  limitMs: (spec) => Math.min(MAX_MS, progressLimitMs(spec)),
  state: ({ observed: { probe } }, { stepStartedAt }) => {
    if (probe === "disabled") return "done";
    if (probe === undefined || probe.at.getTime() < Date.parse(stepStartedAt)) return "waiting";
    return probe.isGood ? "done" : "waiting";
  },
};
