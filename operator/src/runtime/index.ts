/** Generic controller machinery: caches fed by watches, a work queue, leader election, events, metrics. */
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
  TerminalError,
  type WatchOptions,
} from "./types.ts";
