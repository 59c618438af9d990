import { beforeEach, expect, it } from "vitest";
import { createFakeClock, type FakeClock, settle } from "../../test/fixtures/clock-fixture.ts";
import { recordingLog } from "../../test/fixtures/kube-fixture.ts";
import { type SnapshotFixture, snapshotFixture } from "../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistant, TaskAssistantStatus } from "../api/taskassistants/v1alpha1/index.ts";
import { ApiError, type Identified, type KubeClient, type KubeObject } from "../kube/index.ts";
import { CATALOGUE } from "../releases/index.ts";
import type { EventNote, ObjectName, Result } from "../runtime/index.ts";
import { createConflictLog } from "./apply/conflicts.ts";
import { controllerOptions, createReconciler } from "./controller.ts";
import { createProbeSchedule } from "./observe/probe-schedule.ts";
import type { Probe } from "./observe/service-probe.ts";
import { createReadyHold } from "./report/ready-hold.ts";
import { createStatusPacing } from "./report/status-pacing.ts";

const KEY = { namespace: "team", name: "demo" };

let clock: FakeClock;
let fixture: SnapshotFixture;
/** The resource as the cache has it. */
let current: Identified<TaskAssistant>;
let written: TaskAssistantStatus[];
let told: EventNote[];
/** Patches of the resource itself. */
let patched: object[];
/** Keys whose probe outcome changed. */
let changed: ObjectName[];
/** What happens while a child is applied. */
let meanwhile: () => void;
/** What happens while a status is written. */
let whileReporting: () => void;
/** What is found at the external address. */
let external: () => undefined;

beforeEach(() => {
  clock = createFakeClock();
  fixture = snapshotFixture();
  current = fixture.snapshot().assistant;
  written = [];
  told = [];
  patched = [];
  changed = [];
  meanwhile = () => undefined;
  whileReporting = () => undefined;
  external = () => undefined;
});

/** A freshly started operator: it knows the cluster and nothing of an earlier process. */
function operator(probe: Probe = async () => ({})): () => Promise<Result> {
  const { signal } = new AbortController();
  const client = {
    create: async (object: KubeObject) => object,
    mergePatch: async (_resource: unknown, _ref: unknown, patch: object) => void patched.push(patch),
    delete: async () => {
      throw new Error("nothing may be deleted");
    },
    apply: async (object: KubeObject) => {
      meanwhile();
      return { object, taken: [] };
    },
    applyStatus: async (object: KubeObject & { status: TaskAssistantStatus }) => {
      whileReporting();
      written.push(object.status);
      current = { ...current, status: object.status };
      return { object, taken: [] };
    },
  } as unknown as KubeClient;
  const reconcile = createReconciler({
    caches: {
      assistants: { get: () => current } as never,
      secret: () => undefined,
      snapshot: (_key, external, now) => ({ ...fixture.snapshot(), assistant: current, external, now }),
    },
    external: async () => external(),
    probes: createProbeSchedule({ probe, changed: (key) => void changed.push(key), clock, signal }),
    pacing: createStatusPacing(clock.now),
    readyHold: createReadyHold(clock.now),
    conflicts: createConflictLog(),
    dryRun: async () => undefined,
    events: { record: (event) => void told.push(event) },
    config: {
      operatorNamespace: "taskassistant-system",
      clusterDomain: "cluster.local",
      catalogue: CATALOGUE,
      userIds: "Fixed",
      operatorVersion: "0.1.0",
    },
    now: () => new Date("2026-01-01T00:10:00Z"),
  });
  return () => reconcile({ kind: "TaskAssistant.taskassistant.dev", ...KEY }, { client, signal, log: recordingLog() });
}

/** Everything exists, and every pod is ready. */
function running(): void {
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putMigratedDatabase();
  fixture.putServers();
}

const of = (status: TaskAssistantStatus | undefined, type: string) =>
  status?.conditions?.find((each) => each.type === type);

it("a reconcile writes one status for all changes within two seconds", async () => {
  const reconcile = operator();
  expect(await reconcile()).toEqual({ requeueAfterMs: 2_000 });
  await clock.advance(1500);
  fixture.putCredentials();
  expect(await reconcile()).toEqual({ requeueAfterMs: 500 });
  expect(written).toEqual([]);
  expect(told).toEqual([]);
  await clock.advance(500);
  await reconcile();
  expect(written).toHaveLength(1);
  expect(of(written[0], "DatabaseReady")?.message).toBe("demo-db has not been created yet.");
});

it("a reconcile does not wait for a probe, and keeps the status until there is an outcome", async () => {
  running();
  const ready = operator();
  await ready();
  await settle();
  await ready();
  expect(of(written.at(-1), "Ready")?.status).toBe("True");
  const before = written.length;

  const answer = Promise.withResolvers<object>();
  const reconcile = operator(() => answer.promise);
  await reconcile();
  await clock.advance(10_000);
  await reconcile();
  expect(written).toHaveLength(before);
  expect(of(current.status, "Ready")?.status).toBe("True");
  expect(changed).toHaveLength(1);
  answer.resolve({ mcp: "it answers nonsense." });
  await clock.advance(1000);
  expect(changed).toMatchObject([KEY, KEY]);
  await reconcile();
  expect(of(current.status, "Ready")).toMatchObject({ status: "True", reason: "Ready" });
  await clock.advance(15_000);
  await reconcile();
  expect(of(current.status, "Ready")?.reason).toBe("ProbeFailed");
  expect(of(current.status, "McpVerified")?.message).toBe("it answers nonsense.");
});

it("a spec that arrives while an older one is carried out is not reported as done", async () => {
  running();
  const reconcile = operator();
  await reconcile();
  await settle();
  meanwhile = () => {
    const { metadata, spec } = current;
    current = {
      ...current,
      metadata: { ...metadata, generation: 2 },
      spec: { ...spec, api: { image: "registry.example/api:2" } },
    };
  };
  await reconcile();
  expect(written.map(({ observedGeneration }) => observedGeneration)).toEqual([1]);
  expect(of(written[0], "Ready")).toMatchObject({ status: "True", observedGeneration: 1 });
});

it("findings about a deleted resource are not written to a new one of the same name", async () => {
  meanwhile = () => {
    current = { ...current, metadata: { ...current.metadata, uid: "another" } };
  };
  const reconcile = operator();
  expect(await reconcile()).toEqual({});
  expect(written).toEqual([]);
});

it("a resource that waits for a person is not reconciled again by itself", async () => {
  fixture = snapshotFixture({
    model: { provider: "OpenAICompatible", name: "m", apiKeySecretRef: { name: "llm", key: "k" } },
  });
  current = fixture.snapshot().assistant;
  const reconcile = operator();
  await reconcile();
  expect(of(current.status, "Stalled")?.status).toBe("True");
  expect(await reconcile()).toEqual({});
});

const fail = (message: string) => () => {
  throw new ApiError({ status: 500, message: `PATCH /x: ${message}` });
};

it("a resource whose children all fail gets a status with the server's words, and is tried again within ten seconds", async () => {
  meanwhile = fail("etcdserver: request timed out");
  const reconcile = operator();
  await reconcile();
  await clock.advance(2_000);
  expect(await reconcile()).toEqual({ requeueAfterMs: 10_000 });
  expect(of(current.status, "Ready")).toMatchObject({ status: "False", reason: "ApplyFailed" });
  expect(of(current.status, "Ready")?.message).toContain(
    "ServiceAccount demo-frontend: etcdserver: request timed out.",
  );
  expect(told.map(({ type, reason }) => `${type} ${reason}`)).toContain("Warning ApplyFailed");
});

it("a reconcile that ends with an error no rule knows makes Ready Unknown, and keeps what else was known", async () => {
  running();
  const reconcile = operator();
  await reconcile();
  await settle();
  await reconcile();
  expect(of(current.status, "Ready")?.status).toBe("True");
  external = () => {
    throw new TypeError("x is not a function");
  };
  await expect(reconcile()).rejects.toThrow("x is not a function");
  expect(of(current.status, "Ready")).toMatchObject({
    status: "Unknown",
    reason: "ReconcileFailed",
    message: "The operator failed while it looked at this resource: x is not a function.",
  });
  expect(of(current.status, "ApiAvailable")?.status).toBe("True");
  expect(told.at(-1)).toMatchObject({ type: "Warning", reason: "ReconcileFailed" });
  external = () => undefined;
  await reconcile();
  expect(of(current.status, "Ready")?.status).toBe("True");
});

it("a status that can't be written is an Event, and the reconcile is tried again", async () => {
  running();
  whileReporting = fail("etcdserver: request timed out");
  const reconcile = operator();
  await reconcile();
  await settle();
  await expect(reconcile()).rejects.toThrow("the status could not be written");
  expect(told).toMatchObject([{ type: "Warning", reason: "StatusNotWritten" }]);
  expect(told[0]?.note).toContain("etcdserver: request timed out");
});

it("nothing is scaled down before the counts from before a suspension are stored", async () => {
  running();
  const { servers } = fixture.plan().desired!;
  fixture = snapshotFixture({ model: { provider: "Demo" }, suspend: true });
  fixture.putCredentials();
  for (const server of Object.values(servers)) fixture.put(server, {}, { spec: { ...server.spec, replicas: 3 } });
  current = fixture.snapshot().assistant;
  let applied = 0;
  meanwhile = () => {
    applied += 1;
  };
  whileReporting = fail("etcdserver: request timed out");
  await expect(operator()()).rejects.toThrow("the status could not be written");
  expect(applied).toBe(0);
  whileReporting = () => undefined;
  await operator()();
  expect(written[0]?.suspendedReplicas).toEqual({ frontend: 3, api: 3, mcp: 3 });
  expect(applied).toBeGreaterThan(0);
});

it("the controller works first on what is nearly done, as the status in the cache says", () => {
  const condition = (type: string, status: string) => ({ type, status, reason: "Any", message: "" });
  const known = new Map([
    ["begun", [condition("Accepted", "True"), condition("Ready", "False")]],
    ["ready", [condition("Accepted", "True"), condition("Ready", "True")]],
  ]);
  const get = ({ name }: ObjectName) => ({ ...current, status: { conditions: known.get(name) } });
  const sources = { primary: {}, watches: [], assistants: { get } } as never;
  const { progress } = controllerOptions(sources, async () => ({}));
  expect(["begun", "ready", "new"].map((name) => progress?.({ namespace: "team", name }))).toEqual([0.5, 0, 0]);
});

const frozenBy = (annotation: string, value: string) => {
  current = { ...current, metadata: { ...current.metadata, annotations: { [annotation]: value } } };
};

it.each([
  ["taskassistant.dev/reconcile", "disabled", "Paused"],
  ["taskassistant.dev/plan", "true", "Waiting"],
])("a resource with %s: %s gets a status and no child", async (annotation, value, reason) => {
  let applied = 0;
  meanwhile = () => {
    applied += 1;
  };
  frozenBy(annotation, value);
  const reconcile = operator();
  await reconcile();
  await clock.advance(2_000);
  await reconcile();
  expect(applied).toBe(0);
  expect(of(current.status, "Ready")?.reason).toBe(reason);
  expect(current.status?.plan?.summary).toEqual(value === "true" ? expect.stringMatching(/^\d+ to create/) : undefined);
});

it("a paused resource that is deleted is let go, and its data is not deleted", async () => {
  running();
  frozenBy("taskassistant.dev/reconcile", "disabled");
  const { metadata, spec } = current;
  const deleted = { finalizers: ["taskassistant.dev/data"], deletionTimestamp: "2026-01-01T00:09:00Z" };
  current = {
    ...current,
    metadata: { ...metadata, ...deleted },
    spec: { ...spec, deletion: { policy: "Delete", backupTimeout: "30m" } },
  };
  await operator()();
  expect(patched).toEqual([{ metadata: { finalizers: [], resourceVersion: "1" } }]);
  expect(told).toMatchObject([{ type: "Warning", reason: "DataKept" }]);
});
