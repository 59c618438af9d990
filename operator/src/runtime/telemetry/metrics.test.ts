import { describe, expect, it } from "vitest";
import { controllerMetrics } from "./controller-metrics.ts";
import { createMetricsRegistry } from "./metrics.ts";
import { requestMetrics } from "./request-metrics.ts";

describe("exposition format", () => {
  it("renders counters and gauges with escaped labels", () => {
    const registry = createMetricsRegistry();
    const counter = registry.counter("things_total", "Things\nseen.");
    counter.inc();
    counter.inc({ path: 'a"b\\c\nd' }, 2);
    registry.gauge("level", "Level.").set(1.5, { at: "top" });
    expect(registry.render()).toBe(
      [
        "# HELP things_total Things\\nseen.",
        "# TYPE things_total counter",
        "things_total 1",
        'things_total{path="a\\"b\\\\c\\nd"} 2',
        "# HELP level Level.",
        "# TYPE level gauge",
        'level{at="top"} 1.5',
        "",
      ].join("\n"),
    );
  });

  it("renders histograms with cumulative buckets, sum and count", () => {
    const registry = createMetricsRegistry();
    const histogram = registry.histogram("wait_seconds", "Waits.", [0.1, 1]);
    for (const value of [0.1, 0.5, 7]) histogram.observe(value, { verb: "GET" });
    expect(registry.render().split("\n").slice(2, -1)).toEqual([
      'wait_seconds_bucket{verb="GET",le="0.1"} 1',
      'wait_seconds_bucket{verb="GET",le="1"} 2',
      'wait_seconds_bucket{verb="GET",le="+Inf"} 3',
      'wait_seconds_sum{verb="GET"} 7.6',
      'wait_seconds_count{verb="GET"} 3',
    ]);
  });

  it("refuses to register a name twice", () => {
    const registry = createMetricsRegistry();
    registry.counter("things_total", "Things.");
    expect(() => registry.gauge("things_total", "Things.")).toThrow("registered twice");
  });
});

it("has the metric names that public controller-runtime dashboards use", () => {
  const registry = createMetricsRegistry();
  const metrics = controllerMetrics(registry);
  metrics.workers("assistant", 4).reconciled("success", 0.2);
  const queue = { depth: () => new Map([[0, 3]]), working: () => [1, 4] };
  metrics.queue("assistant", () => queue).started(0.5);
  requestMetrics(registry)({ method: "GET", host: "h", code: "200", seconds: 0.1 });
  const page = registry.render();
  for (const line of [
    'controller_runtime_reconcile_total{controller="assistant",result="success"} 1',
    'controller_runtime_reconcile_total{controller="assistant",result="error"} 0',
    'controller_runtime_reconcile_errors_total{controller="assistant"} 0',
    'controller_runtime_reconcile_time_seconds_count{controller="assistant"} 1',
    'controller_runtime_max_concurrent_reconciles{controller="assistant"} 4',
    'controller_runtime_active_workers{controller="assistant"} 0',
    'workqueue_depth{name="assistant",controller="assistant",priority="0"} 3',
    'workqueue_queue_duration_seconds_count{name="assistant",controller="assistant"} 1',
    'workqueue_unfinished_work_seconds{name="assistant",controller="assistant"} 5',
    'workqueue_longest_running_processor_seconds{name="assistant",controller="assistant"} 4',
    'rest_client_requests_total{code="200",method="GET",host="h"} 1',
    'rest_client_request_duration_seconds_count{verb="GET",host="h"} 1',
  ]) {
    expect(page).toContain(`\n${line}\n`);
  }
});

it("renders several controllers under one name, told apart by their label", () => {
  const registry = createMetricsRegistry();
  const metrics = controllerMetrics(registry);
  for (const controller of ["assistant", "backup"]) {
    metrics.workers(controller, 4);
    metrics.queue(controller, () => ({ depth: () => new Map(), working: () => [] }));
  }
  const lines = registry.render().split("\n");
  expect(lines).toContain('controller_runtime_active_workers{controller="assistant"} 0');
  expect(lines).toContain('controller_runtime_active_workers{controller="backup"} 0');
  expect(lines).toContain('workqueue_depth{name="backup",controller="backup",priority="0"} 0');
});
