/** Brings TaskAssistants to their desired state: observe, plan (pure), apply, report. Start at controller.ts. */

export { createConflictLog } from "./apply/conflicts.ts";
export { type AssistantView, type AssistantViews, createAssistantViews } from "./assistant-view.ts";
export { controllerOptions, createReconciler } from "./controller.ts";
export { type Caches, createCaches, type SharedWatches } from "./observe/caches.ts";
export { createExternalLookup } from "./observe/external-database.ts";
export { FINGERPRINT_SECRET, fingerprintKey } from "./observe/fingerprint-key.ts";
export { createProbeSchedule } from "./observe/probe-schedule.ts";
export { createProbe, type Probe } from "./observe/service-probe.ts";
export { createDryRun } from "./preview/dry-run.ts";
export { notWatchedStatus } from "./report/not-watched.ts";
export { createReadyHold } from "./report/ready-hold.ts";
export { createStatusPacing } from "./report/status-pacing.ts";
