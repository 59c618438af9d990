import type { ReflectorObserver } from "../watch/reflector.ts";
import type { MetricsRegistry } from "./metrics.ts";

/** What the watches do, by resource. */
export interface WatchMetrics {
  observer(resource: string): ReflectorObserver;
  failedHandler(resource: string): void;
}

/** `reflector_*`: names of our own, since controller-runtime has dropped such metrics. */
export function watchMetrics(
  registry: MetricsRegistry,
  caches: () => readonly {
    readonly resource: string;
    readonly size: number;
    readonly silentMs: number;
    readonly served: boolean;
  }[],
): WatchMetrics {
  const lists = registry.counter("reflector_lists_total", "Complete LISTs.");
  const interruptions = registry.counter("reflector_watch_interruptions_total", "Streams that ended, by cause.");
  const stale = registry.counter("reflector_stale_events_total", "Events older than what was known.");
  const failed = registry.counter("reflector_handler_errors_total", "Transforms, indexes or key mappings that threw.");
  registry.observedGauge("reflector_cache_objects", "Objects in the cache.", () =>
    caches().map(({ resource, size }) => [{ resource }, size] as const),
  );
  registry.observedGauge("reflector_silent_seconds", "Seconds since the most silent stream sent a byte.", () =>
    caches().map(({ resource, silentMs }) => [{ resource }, silentMs / 1000] as const),
  );
  registry.observedGauge("reflector_resource_served", "Whether the API server serves the resource.", () =>
    caches().map(({ resource, served }) => [{ resource }, served ? 1 : 0] as const),
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
