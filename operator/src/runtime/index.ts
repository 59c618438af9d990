/** Generic controller machinery: caches fed by watches, a work queue, leader election, events, metrics. */
export { keyFromId, keyId, keyOf } from "./cache.ts";
export { type Clock, pause, systemClock } from "./clock.ts";
export { createEventRecorder, type EventNote, type EventRecorder, type EventRecorderDeps } from "./events.ts";
export { type LeaderTiming, LeaseLostError } from "./leader.ts";
export { createManager, type ManagerDeps } from "./manager.ts";
export { type Counter, createMetricsRegistry, type Gauge, type Histogram, type MetricsRegistry } from "./metrics.ts";
export { changedByUser } from "./predicates.ts";
export { requestMetrics } from "./runtime-metrics.ts";
export {
  type ChangeType,
  type Key,
  type KeyRequest,
  type Log,
  type Manager,
  PRIORITY,
  type ReadCache,
  type Reconcile,
  type ReconcileContext,
  type Result,
  type RunOptions,
  type WatchOptions,
} from "./types.ts";
