/** A library for controllers: caches fed by watches, work queues, leader election, Events, metrics. See README.md. */

export { type Clock, pause, systemClock } from "./clock.ts";
export { keyFromId, keyId, keyOf, nameId, nameOf } from "./keys.ts";
export { type LeaderTiming, LeaseLostError } from "./lead/leader.ts";
export { createManager, type ManagerDeps } from "./manager.ts";
export type { NamespaceChanged, Unserved } from "./scope/scope.ts";
export { createEventRecorder, type EventNote, type EventRecorder, type EventRecorderDeps } from "./telemetry/events.ts";
export {
  type Counter,
  createMetricsRegistry,
  type Gauge,
  type Histogram,
  type MetricsRegistry,
} from "./telemetry/metrics.ts";
export { requestMetrics } from "./telemetry/request-metrics.ts";
export {
  type ChangeType,
  type ControllerHandle,
  type ControllerOptions,
  type Key,
  type KeyRequest,
  type Log,
  type Manager,
  type ObjectName,
  PRIORITY,
  type PrimarySource,
  type ReadCache,
  type Reconcile,
  type ReconcileContext,
  type Result,
  type RunOptions,
  type Source,
  type Watch,
  type WatchOptions,
  type WatchStatus,
} from "./types.ts";
export { changedByUser } from "./watch/changed-by-user.ts";
