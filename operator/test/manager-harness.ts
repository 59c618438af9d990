import { afterEach, beforeEach } from "vitest";
import { builtin } from "../src/kube/index.ts";
import { systemClock } from "../src/runtime/clock.ts";
import { createManager, type ManagerDeps } from "../src/runtime/manager.ts";
import { createMetricsRegistry } from "../src/runtime/telemetry/metrics.ts";
import type { Manager, Reconcile, RunOptions, WatchOptions } from "../src/runtime/types.ts";
import { type StubApiServer, startStubApiServer } from "./api-server-harness.ts";
import { CONFIG_MAPS, type ConfigMap, clientOf, configMap, recordingLog } from "./kube-fixture.ts";

/** A stub server for each test of a file, and managers that end with the test. */
export function managerStage() {
  let server: StubApiServer;
  const ends: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    server = await startStubApiServer();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await server.close();
  });

  /** A manager of its own client that watches config maps as what is reconciled. */
  function open(deps: Partial<ManagerDeps> = {}, watch: Partial<WatchOptions<ConfigMap>> = {}) {
    const { client, close } = clientOf(server);
    ends.push(close);
    const metrics = createMetricsRegistry();
    const log = recordingLog();
    const manager = createManager({ client, namespaces: ["shop"], log, metrics, ...deps });
    const cache = manager.watch<ConfigMap>({
      resource: builtin.ConfigMap,
      mapToKeys: ({ metadata }) => [{ namespace: metadata.namespace ?? "", name: metadata.name }],
      ...watch,
    });
    return { manager, cache, metrics, log, client };
  }

  function start(manager: Manager, reconcile: Reconcile, options: Partial<RunOptions> = {}) {
    const stop = new AbortController();
    const run = manager.run({ reconcile, signal: stop.signal, ...options });
    const outcome = run.then(
      () => "ended",
      (error: Error) => error.name,
    );
    ends.push(async () => {
      stop.abort();
      await outcome;
    });
    return { stop, run, outcome };
  }

  const put = (name: string, data: Record<string, string> = {}) => server.store.put(CONFIG_MAPS, configMap(name, data));
  const election = (identity: string): Partial<ManagerDeps> => ({
    leaderElection: {
      lease: { namespace: "system", name: "operator" },
      identity,
      timing: { leaseDurationMs: 3000, renewDeadlineMs: 2000, retryPeriodMs: 100 },
    },
  });

  return {
    /** The stub server of the test that runs. */
    server: () => server,
    election,
    open,
    put,
    start,
  };
}

/** The system's clock, which a test can let jump: time that passed while the process was paused. */
export function jumpingClock() {
  const system = systemClock();
  let skew = 0;
  const jump = (ms: number) => {
    skew += ms;
  };
  return { ...system, now: () => system.now() + skew, jump };
}
