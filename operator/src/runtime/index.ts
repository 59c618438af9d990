/** Generic controller machinery: caches fed by watches, a work queue, leader election, events, metrics. */

export { type Clock, pause, systemClock } from "./clock.ts";
export { type LeaderTiming, LeaseLostError } from "./lead/leader.ts";
export { createManager, type ManagerDeps } from "./manager.ts";
export { createEventRecorder, type EventNote, type EventRecorder, type EventRecorderDeps } from "./telemetry/events.ts";
export {
  type Counter,
  createMetricsRegistry,
  type Gauge,
  type Histogram,
  type MetricsRegistry,
} from "./telemetry/metrics.ts";
export { requestMetrics } from "./telemetry/runtime-metrics.ts";
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
export { keyFromId, keyId, keyOf } from "./watch/cache.ts";
export { changedByUser } from "./watch/changed-by-user.ts";
