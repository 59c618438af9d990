/** A small Prometheus registry: counters, gauges, histograms, text format 0.0.4. */

export type Labels = Readonly<Record<string, string | number>>;

export interface Counter {
  inc(labels?: Labels, by?: number): void;
}

export interface Gauge {
  set(value: number, labels?: Labels): void;
}

export interface Histogram {
  observe(value: number, labels?: Labels): void;
}

/** Names must be unique in a registry. */
export interface MetricsRegistry {
  counter(name: string, help: string): Counter;
  gauge(name: string, help: string): Gauge;
  /** A gauge whose samples are asked for when the registry is rendered. */
  observedGauge(name: string, help: string, samples: () => Iterable<readonly [Labels, number]>): void;
  /** `buckets`: upper bounds in ascending order; `+Inf` is added. */
  histogram(name: string, help: string, buckets: readonly number[]): Histogram;
  /** Everything in the exposition format, `text/plain; version=0.0.4`. */
  render(): string;
}

/** Builds an empty registry. */
export function createMetricsRegistry(): MetricsRegistry {
  const families = new Map<string, () => string>();

  function register(name: string, help: string, type: string, lines: () => Iterable<string>): void {
    if (families.has(name)) throw new Error(`metric ${name} is registered twice`);
    families.set(name, () => [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines()].join("\n"));
  }

  function values(name: string, help: string, type: "counter" | "gauge"): Map<string, number> {
    const samples = new Map<string, number>();
    register(name, help, type, () => [...samples].map(([labels, value]) => `${name}${labels} ${value}`));
    return samples;
  }

  return {
    counter(name, help) {
      const samples = values(name, help, "counter");
      return {
        inc(labels = {}, by = 1) {
          const id = formatLabels(labels);
          samples.set(id, (samples.get(id) ?? 0) + by);
        },
      };
    },
    gauge(name, help) {
      const samples = values(name, help, "gauge");
      return { set: (value, labels = {}) => void samples.set(formatLabels(labels), value) };
    },
    observedGauge(name, help, samples) {
      register(name, help, "gauge", () =>
        [...samples()].map(([labels, value]) => `${name}${formatLabels(labels)} ${value}`),
      );
    },
    histogram(name, help, buckets) {
      const series = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>();
      register(name, help, "histogram", () =>
        [...series.values()].flatMap(({ labels, counts, sum, count }) => [
          ...buckets.map((le, index) => `${name}_bucket${formatLabels({ ...labels, le })} ${counts[index] ?? 0}`),
          `${name}_bucket${formatLabels({ ...labels, le: "+Inf" })} ${count}`,
          `${name}_sum${formatLabels(labels)} ${sum}`,
          `${name}_count${formatLabels(labels)} ${count}`,
        ]),
      );
      return {
        observe(value, labels = {}) {
          const id = formatLabels(labels);
          const held = series.get(id) ?? { labels, counts: buckets.map(() => 0), sum: 0, count: 0 };
          series.set(id, held);
          held.sum += value;
          held.count += 1;
          for (const [index, le] of buckets.entries())
            if (value <= le) held.counts[index] = (held.counts[index] ?? 0) + 1;
        },
      };
    },
    render: () => `${[...families.values()].map((family) => family()).join("\n")}\n`,
  };
}

function formatLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function escapeHelp(help: string): string {
  return help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
}
