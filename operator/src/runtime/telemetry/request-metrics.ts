import type { RequestObservation } from "../../kube/index.ts";
import type { MetricsRegistry } from "./metrics.ts";

const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

/** `rest_client_*`: a hook for the transport. */
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
