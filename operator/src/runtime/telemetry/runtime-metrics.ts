import type { RequestObservation } from "../../kube/index.ts";
import type { ReflectorObserver } from "../watch/reflector.ts";
import type { QueueObserver, WorkQueue } from "../workers/queue.ts";
import type { ControllerObserver } from "../workers/workers.ts";
import type { MetricsRegistry } from "./metrics.ts";

/** Bounds of controller-runtime's own histograms, so that public dashboards fit. */
const RECONCILE_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const QUEUE_SECONDS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];
const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** `rest_client_*`: the hook for the transport. */
export function requestMetrics(registry: MetricsRegistry): (observation: RequestObservation) => void {
  const total = registry.counter("rest_client_requests_total", "HTTP requests by status code, method and host.");
  const duration = registry.histogram(
    "rest_client_request_duration_seconds",
    "Seconds until the headers of an answer, by verb and host.",
    REQUEST_SECONDS,
  );
  return ({ method, host, code, seconds }) => {
    total.inc({ code, method, host });
    duration.observe(seconds, { verb: method, host });
  };
}

/** `controller_runtime_*`. */
export function controllerMetrics(registry: MetricsRegistry, controller: string, workers: number): ControllerObserver {
  const label = { controller };
  const total = registry.counter("controller_runtime_reconcile_total", "Reconciles by result.");
  const errors = registry.counter("controller_runtime_reconcile_errors_total", "Reconciles that failed.");
  const timeouts = registry.counter("controller_runtime_reconcile_timeouts_total", "Reconciles over their deadline.");
  const time = registry.histogram(
    "controller_runtime_reconcile_time_seconds",
    "Seconds per reconcile.",
    RECONCILE_SECONDS,
  );
  const active = registry.gauge("controller_runtime_active_workers", "Reconciles running now.");
  registry.gauge("controller_runtime_max_concurrent_reconciles", "Reconciles at a time.").set(workers, label);
  for (const result of ["success", "error", "requeue_after"]) total.inc({ ...label, result }, 0);
  for (const counter of [errors, timeouts]) counter.inc(label, 0);
  active.set(0, label);
  return {
    reconciled(result, seconds) {
      total.inc({ ...label, result });
      if (result === "error") errors.inc(label);
      time.observe(seconds, label);
    },
    timedOut: () => timeouts.inc(label),
    active: (count) => active.set(count, label),
  };
}

/** `workqueue_*`; the queue comes later because it needs the observer. */
export function queueMetrics(
  registry: MetricsRegistry,
  name: string,
  queue: () => Pick<WorkQueue, "depth" | "working">,
): QueueObserver {
  const label = { name, controller: name };
  const adds = registry.counter("workqueue_adds_total", "Ids that became due.");
  const retries = registry.counter("workqueue_retries_total", "Ids added with a delay.");
  const waited = registry.histogram(
    "workqueue_queue_duration_seconds",
    "Seconds between due and taken.",
    QUEUE_SECONDS,
  );
  const worked = registry.histogram(
    "workqueue_work_duration_seconds",
    "Seconds between taken and done.",
    QUEUE_SECONDS,
  );
  registry.observedGauge("workqueue_depth", "Ids that are due and wait.", () => {
    const depth = queue().depth();
    if (depth.size === 0) depth.set(0, 0);
    return [...depth].map(([priority, count]) => [{ ...label, priority }, count] as const);
  });
  registry.observedGauge("workqueue_unfinished_work_seconds", "Sum of the seconds work has been going on.", () => [
    [
      label,
      queue()
        .working()
        .reduce((sum, seconds) => sum + seconds, 0),
    ],
  ]);
  registry.observedGauge("workqueue_longest_running_processor_seconds", "The longest of them.", () => [
    [label, Math.max(0, ...queue().working())],
  ]);
  adds.inc(label, 0);
  retries.inc(label, 0);
  return {
    added: () => adds.inc(label),
    retried: () => retries.inc(label),
    started: (seconds) => waited.observe(seconds, label),
    finished: (seconds) => worked.observe(seconds, label),
  };
}

/** What the watches do, by resource. */
export interface WatchMetrics {
  observer(resource: string): ReflectorObserver;
  failedHandler(resource: string): void;
}

/** `reflector_*`: our own names, controller-runtime has none any more. */
export function watchMetrics(
  registry: MetricsRegistry,
  caches: () => Iterable<{ readonly resource: string; readonly size: number; readonly silentMs: number }>,
): WatchMetrics {
  const lists = registry.counter("reflector_lists_total", "Complete LISTs.");
  const interruptions = registry.counter("reflector_watch_interruptions_total", "Streams that ended, by cause.");
  const stale = registry.counter("reflector_stale_events_total", "Events older than what was known.");
  const failed = registry.counter("reflector_handler_errors_total", "Transforms, indexes or key mappings that threw.");
  registry.observedGauge("reflector_cache_objects", "Objects in the cache.", () =>
    [...caches()].map(({ resource, size }) => [{ resource }, size] as const),
  );
  registry.observedGauge("reflector_silent_seconds", "Seconds since a byte came, of the most silent stream.", () =>
    [...caches()].map(({ resource, silentMs }) => [{ resource }, silentMs / 1000] as const),
  );
  return {
    observer: (resource) => ({
      relisted: () => lists.inc({ resource }),
      interrupted: (cause) => interruptions.inc({ resource, cause }),
      ignoredStale: () => stale.inc({ resource }),
      failedTransform: () => failed.inc({ resource }),
    }),
    failedHandler: (resource) => failed.inc({ resource }),
  };
}
