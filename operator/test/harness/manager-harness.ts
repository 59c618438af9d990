import { afterEach, beforeEach } from "vitest";
import { builtin } from "../../src/kube/index.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createManager, type ManagerDeps } from "../../src/runtime/manager.ts";
import { createMetricsRegistry } from "../../src/runtime/telemetry/metrics.ts";
import type {
  ControllerOptions,
  Manager,
  Reconcile,
  RunOptions,
  Source,
  WatchOptions,
} from "../../src/runtime/types.ts";
import { CONFIG_MAPS, type ConfigMap, clientOf, configMap, recordingLog } from "../fixtures/kube-fixture.ts";
import { type StubApiServer, startStubApiServer } from "./api-server-harness.ts";

/** Starts a stub server for each test of a file, and managers that end with the test. */
export function managerHarness() {
  let server: StubApiServer;
  const ends: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    server = await startStubApiServer();
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await server.close();
  });

  /** A manager with a client of its own, without watches and controllers. */
  function openEmpty(deps: Partial<ManagerDeps> = {}) {
    const { client, close } = clientOf(server);
    ends.push(close);
    const metrics = createMetricsRegistry();
    const log = recordingLog();
    const manager = createManager({ client, namespaces: ["shop"], log, metrics, ...deps });
    return { manager, metrics, log, client };
  }

  /** A manager with one controller, `maps`, for config maps. */
  function open(
    deps: Partial<ManagerDeps> = {},
    options: Partial<WatchOptions<ConfigMap>> & Partial<Pick<Source<ConfigMap>, "mapToKeys">> = {},
  ) {
    const opened = openEmpty(deps);
    const { mapToKeys, ...watch } = options;
    const cache = opened.manager.watch<ConfigMap>({ resource: builtin.ConfigMap, ...watch });
    const primary = { watch: cache, ...(mapToKeys === undefined ? {} : { mapToKeys }) };
    const add = (reconcile: Reconcile, more: Partial<ControllerOptions> = {}) =>
      opened.manager.add({ name: "maps", primary, reconcile, ...more });
    return { ...opened, cache, add };
  }

  /** Adds the controller of an opened manager and runs it. */
  function start(
    { manager, add }: Pick<ReturnType<typeof open>, "manager" | "add">,
    reconcile: Reconcile,
    options: Partial<RunOptions> & Partial<ControllerOptions> = {},
  ) {
    const { signal: _signal, drainMs, ...controller } = options;
    const handle = add(reconcile, controller);
    return { ...run(manager, drainMs === undefined ? {} : { drainMs }), controller: handle };
  }

  function run(manager: Manager, options: Partial<RunOptions> = {}) {
    const stop = new AbortController();
    const outcome = manager.run({ signal: stop.signal, ...options }).then(
      () => "ended",
      (error: Error) => error.name,
    );
    ends.push(async () => {
      stop.abort();
      await outcome;
    });
    return { stop, outcome };
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
    /** The stub server of the current test. */
    server: () => server,
    election,
    open,
    openEmpty,
    put,
    run,
    start,
  };
}

/** The system clock with a `jump`, for time that passes while the process is paused. */
export function jumpingClock() {
  const system = systemClock();
  let skew = 0;
  const jump = (ms: number) => {
    skew += ms;
  };
  return { ...system, now: () => system.now() + skew, jump };
}
