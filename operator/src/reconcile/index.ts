/** Brings TaskAssistants to their desired state: observe -> plan (pure) -> apply -> status. Start at reconciler.ts. */
export { createCaches } from "./caches.ts";
export { createConflictLog } from "./conflict-log.ts";
export { createExternalLookup } from "./external-lookup.ts";
export { fingerprintKey } from "./fingerprint-key.ts";
export { createProbe, type Probe } from "./probe.ts";
export { createProbing } from "./probing.ts";
export { createReconciler } from "./reconciler.ts";
export { createStatusPacing } from "./status-pacing.ts";
