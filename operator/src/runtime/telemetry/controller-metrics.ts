import type { QueueObserver, WorkQueue } from "../workers/queue.ts";
import type { WorkersObserver } from "../workers/workers.ts";
import type { Labels, MetricsRegistry } from "./metrics.ts";

/** Bounds of controller-runtime's own histograms, so that public dashboards fit. */
const RECONCILE_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const QUEUE_SECONDS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 1000];

/** The metrics of all controllers of a manager, told apart by the label `controller`. */
export interface ControllerMetrics {
  /** `controller_runtime_*`. */
  workers(controller: string, concurrency: number): WorkersObserver;
  /** `workqueue_*`. The queue is read when the metrics are rendered. */
  queue(controller: string, queue: () => Pick<WorkQueue, "depth" | "working">): QueueObserver;
}

/** Registers the metrics; call once per registry. */
export function controllerMetrics(registry: MetricsRegistry): ControllerMetrics {
  const workers = workerMetrics(registry);
  const queues = queueMetrics(registry);
  return { workers, queue: queues };
}

function workerMetrics(registry: MetricsRegistry): ControllerMetrics["workers"] {
  const total = registry.counter("controller_runtime_reconcile_total", "Reconciles by result.");
  const errors = registry.counter("controller_runtime_reconcile_errors_total", "Reconciles that failed.");
  const timeouts = registry.counter("controller_runtime_reconcile_timeouts_total", "Reconciles over their deadline.");
  const time = registry.histogram(
    "controller_runtime_reconcile_time_seconds",
    "Seconds per reconcile.",
    RECONCILE_SECONDS,
  );
  const active = registry.gauge("controller_runtime_active_workers", "Reconciles running now.");
  const maximum = registry.gauge("controller_runtime_max_concurrent_reconciles", "Maximum of reconciles at a time.");
  return (controller, concurrency) => {
    const label = { controller };
    maximum.set(concurrency, label);
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
  };
}

function queueMetrics(registry: MetricsRegistry): ControllerMetrics["queue"] {
  const queues: { readonly label: Labels; readonly queue: () => Pick<WorkQueue, "depth" | "working"> }[] = [];
  const adds = registry.counter("workqueue_adds_total", "Ids that became due.");
  const retries = registry.counter("workqueue_retries_total", "Ids added with a delay.");
  const waited = registry.histogram(
    "workqueue_queue_duration_seconds",
    "Seconds between due and handed out.",
    QUEUE_SECONDS,
  );
  const worked = registry.histogram(
    "workqueue_work_duration_seconds",
    "Seconds between handed out and done.",
    QUEUE_SECONDS,
  );
  registry.observedGauge("workqueue_depth", "Ids that are due and wait.", () =>
    queues.flatMap(({ label, queue }) => {
      const depth = queue().depth();
      if (depth.size === 0) depth.set(0, 0);
      return [...depth].map(([priority, count]) => [{ ...label, priority }, count] as const);
    }),
  );
  registry.observedGauge("workqueue_unfinished_work_seconds", "Sum of the ages of running reconciles.", () =>
    queues.map(({ label, queue }) => [
      label,
      queue()
        .working()
        .reduce((sum, seconds) => sum + seconds, 0),
    ]),
  );
  registry.observedGauge("workqueue_longest_running_processor_seconds", "Age of the oldest running reconcile.", () =>
    queues.map(({ label, queue }) => [label, Math.max(0, ...queue().working())]),
  );
  return (controller, queue) => {
    const label = { name: controller, controller };
    queues.push({ label, queue });
    adds.inc(label, 0);
    retries.inc(label, 0);
    return {
      added: () => adds.inc(label),
      retried: () => retries.inc(label),
      started: (seconds) => waited.observe(seconds, label),
      finished: (seconds) => worked.observe(seconds, label),
    };
  };
}
