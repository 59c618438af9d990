/** Pods as conditions see them: the part that caches keep, what keeps them from running, and refusals of pods that never were. */
export { BY_REGARDING, newestRefusal, type PodRefusal, reduceRefusal, refusalWords } from "./refusals.ts";
export { isRefused, podsRefused, refusedPods } from "./refused.ts";
export { type PodSummary, reducePod } from "./summary.ts";
export { lastFailure, type PodTrouble, podTrouble, SCHEDULING_GRACE_MS } from "./trouble.ts";
