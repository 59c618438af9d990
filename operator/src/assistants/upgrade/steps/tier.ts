import type { Tier } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { Component } from "../../desired/index.ts";
import { progressLimitMs, type Step } from "./step.ts";

/** Replaces the pods of one tier, with those of `others` that belong to it. */
function rollOut(tier: Tier, ...others: readonly Component[]): Step {
  return {
    moves: [tier, ...others],
    limitMs: progressLimitMs,
    state: ({ observed }, { to }) => {
      const { version, isComplete } = observed.tiers[tier];
      return version === to && isComplete ? "done" : "waiting";
    },
  };
}

/** Those that others call come first. */
export const mcp = rollOut("mcp", "model", "maintenance");
export const api = rollOut("api");
export const frontend = rollOut("frontend", "people", "backup");
