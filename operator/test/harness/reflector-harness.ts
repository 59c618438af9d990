import { afterEach, beforeEach } from "vitest";
import { builtin, type KubeClient } from "../../src/kube/index.ts";
import { systemClock } from "../../src/runtime/clock.ts";
import { createStore } from "../../src/runtime/watch/cache.ts";
import { type Change, createReflector, type Reflector, type ReflectorDeps } from "../../src/runtime/watch/reflector.ts";
import { CONFIG_MAPS, type ConfigMap, clientOf, configMap, recordingLog, until } from "../fixtures/kube-fixture.ts";
import { isList, isWatch, type StubApiServer, startStubApiServer } from "./api-server-harness.ts";

/** Starts a stub server for each test of a file, and reflectors of its config maps that end with the test. */
export function reflectorHarness() {
  let server: StubApiServer;
  let client: KubeClient;
  let close: () => Promise<void>;
  const stops: AbortController[] = [];
  const runs: ReturnType<Reflector["run"]>[] = [];

  beforeEach(async () => {
    server = await startStubApiServer();
    ({ client, close } = clientOf(server));
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop.abort();
    await Promise.all(runs.splice(0));
    await close();
    await server.close();
  });

  /** A reflector of the stub's config maps with everything it reports. */
  function open(deps: Partial<ReflectorDeps<ConfigMap>> = {}) {
    const store = createStore<ConfigMap>();
    const changes: Change<ConfigMap>[] = [];
    const causes: string[] = [];
    const counts = { relisted: 0, stale: 0, failed: 0 };
    const log = recordingLog();
    const reflector = createReflector<ConfigMap>({
      client,
      resource: builtin.ConfigMap,
      store,
      onChange: (change) => void changes.push(change),
      clock: systemClock(),
      log,
      firstRetryMs: 5,
      observer: {
        relisted: () => void counts.relisted++,
        interrupted: (cause) => void causes.push(cause),
        ignoredStale: () => void counts.stale++,
        failedTransform: () => void counts.failed++,
      },
      ...deps,
    });
    const stop = new AbortController();
    stops.push(stop);
    const told = () => changes.map(({ type, object }) => `${type} ${object.metadata.name}`);
    return { reflector, store, changes, causes, counts, log, stop, told };
  }

  function start(reflector: Reflector, stop: AbortController): ReturnType<Reflector["run"]> {
    const run = reflector.run(stop.signal);
    runs.push(run);
    return run;
  }

  async function running(deps: Partial<ReflectorDeps<ConfigMap>> = {}) {
    const opened = open(deps);
    start(opened.reflector, opened.stop);
    await until(() => server.watches.length > 0);
    return opened;
  }

  const put = (name: string, data: Record<string, string> = {}, metadata: object = {}) =>
    server.store.put(CONFIG_MAPS, configMap(name, data, metadata));
  const lists = () => server.requests.filter(isList).length;
  const watchesAsked = () => server.requests.filter(isWatch);
  const lastWatch = () => server.watches.at(-1);

  return {
    /** The stub server of the current test. */
    server: () => server,
    /** Resolves when all reflectors have ended. */
    ended: () => Promise.all(runs),
    lastWatch,
    lists,
    open,
    put,
    running,
    start,
    watchesAsked,
  };
}
