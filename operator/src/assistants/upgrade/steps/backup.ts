import { progressLimitMs, type Step } from "./step.ts";

/** Waits for the backup before the upgrade, if the resource has a destination for one. */
export const backup: Step = {
  moves: [],
  limitMs: progressLimitMs,
  state: ({ observed }) => {
    switch (observed.backup) {
      case "unconfigured":
      case "done":
        return "done";
      case "failed":
        return "failed";
      case "pending":
        return "waiting";
    }
  },
};
