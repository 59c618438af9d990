/** Jobs of the backup program, for the controllers of backups and of restores: what they look like and how they do. */

export { createAll, removeEach, writeOneShotStatus } from "./apply.ts";
export { type Attempt, attemptOf } from "./attempt.ts";
export { type Outcome, oneShotConditions } from "./conditions.ts";
export { type Command, IDENTITY_KEY, jobFor, jobNameOf, type Run, WORKS_FOR } from "./job.ts";
export { ofItself, REFUSED_MS, workOf } from "./keys.ts";
export { type Missing, missingFor, type Place, type Present, presentIn, suspended } from "./missing.ts";
export { type OneShotKind, refusedStatus, tellChange } from "./one-shot.ts";
export { type AskProgress, createAskProgress, type ProgressReport } from "./progress.ts";
export { type Failure, failureOf, type Result, resultOf } from "./result.ts";
export { leftoversOf, TIDY_MS } from "./tidy.ts";
