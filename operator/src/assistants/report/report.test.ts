import { beforeEach, expect, it } from "vitest";
import { createFakeClock, type FakeClock, settle } from "../../../test/clock-fixture.ts";
import { recordingLog } from "../../../test/kube-fixture.ts";
import { credentials, scene } from "../../../test/snapshot-fixture.ts";
import type { TaskAssistant, TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import type { KubeClient, KubeObject } from "../../kube/index.ts";
import type { EventNote, Key, Result } from "../../runtime/index.ts";
import { createConflictLog } from "../apply/conflicts.ts";
import { createReconciler } from "../controller.ts";
import { createProbing } from "../observe/probe-schedule.ts";
import type { Probe } from "../observe/service-probe.ts";
import { createStatusPacing } from "./pacing.ts";

const KEY = { namespace: "team", name: "demo" };
const DONE = { observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };

let clock: FakeClock;
let world: ReturnType<typeof scene>;
/** The resource as the cache has it. */
let current: TaskAssistant;
let written: TaskAssistantStatus[];
let told: EventNote[];
/** Keys whose answer is news. */
let changed: Key[];
/** What happens while a child is applied. */
let meanwhile: () => void;

beforeEach(() => {
  clock = createFakeClock();
  world = scene();
  current = world.observed().assistant;
  written = [];
  told = [];
  changed = [];
  meanwhile = () => undefined;
});

/** An operator of its own: it knows what the cluster says, and nothing of an earlier one. */
function operator(probe: Probe = async () => ({})): () => Promise<Result> {
  const { signal } = new AbortController();
  const client = {
    create: async (object: KubeObject) => object,
    apply: async (object: KubeObject) => {
      meanwhile();
      return { object, taken: [] };
    },
    applyStatus: async (object: KubeObject & { status: TaskAssistantStatus }) => {
      written.push(object.status);
      current = { ...current, status: object.status };
      return { object, taken: [] };
    },
  } as unknown as KubeClient;
  const reconcile = createReconciler({
    caches: {
      assistants: { get: () => current } as never,
      secret: () => undefined,
      observe: (_key, external, now) => ({ ...world.observed(), assistant: current, external, now }),
    },
    external: async () => undefined,
    probing: createProbing({ probe, changed: (key) => void changed.push(key), clock, signal }),
    pacing: createStatusPacing(clock.now),
    conflicts: createConflictLog(),
    events: { record: (event) => void told.push(event) },
    config: { operatorNamespace: "taskassistant-system", releaseImages: {}, operatorVersion: "0.1.0" },
    now: () => new Date("2026-01-01T00:10:00Z"),
  });
  return () => reconcile(KEY, { client, signal, log: recordingLog() });
}

/** Everything there, and every pod ready. */
function running(): void {
  credentials(world);
  world.volume();
  const { desired } = world.make();
  world.put(desired!.database!, { readyReplicas: 1 });
  world.put(desired!.migration!, { conditions: [{ type: "Complete", status: "True" }] });
  for (const server of Object.values(world.make().desired!.servers))
    world.put(server, DONE, {
      spec: { ...server.spec, replicas: 1 },
      metadata: { ...server.metadata, generation: 1 },
    });
}

const of = (status: TaskAssistantStatus | undefined, type: string) =>
  status?.conditions?.find((each) => each.type === type);

it("writes one status for the changes of two seconds, and then all of it", async () => {
  const reconcile = operator();
  expect([await reconcile(), written]).toEqual([{ requeueAfterMs: 2000 }, []]);
  await clock.advance(1500);
  credentials(world);
  expect([await reconcile(), written, told]).toEqual([{ requeueAfterMs: 500 }, [], []]);
  await clock.advance(500);
  await reconcile();
  expect(written).toHaveLength(1);
  expect(of(written[0], "DatabaseReady")?.message).toBe("demo-db waits for its turn.");
});

it("waits for no answer of the pods: the status stays what it was until there is one", async () => {
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
  expect([written.length, of(current.status, "Ready")?.status]).toEqual([before, "True"]);
  expect(changed).toHaveLength(1);
  answer.resolve({ mcp: "it answers nonsense." });
  await clock.advance(1000);
  expect(changed).toEqual([KEY, KEY]);
  await reconcile();
  expect([of(current.status, "Ready")?.reason, of(current.status, "McpVerified")?.message]).toEqual([
    "ProbeFailed",
    "it answers nonsense.",
  ]);
});

it("does not call a spec done that came while the one before was carried out", async () => {
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

it("tells a new resource nothing that was found about another of its name", async () => {
  meanwhile = () => {
    current = { ...current, metadata: { ...current.metadata, uid: "another" } };
  };
  const reconcile = operator();
  expect(await reconcile()).toEqual({});
  expect(written).toEqual([]);
});

it("looks no more, on its own account, at what waits for a person", async () => {
  world = scene({ model: { provider: "OpenAICompatible", name: "m", apiKeySecretRef: { name: "llm", key: "k" } } });
  current = world.observed().assistant;
  const reconcile = operator();
  await reconcile();
  expect([of(current.status, "Stalled")?.status, await reconcile()]).toEqual(["True", {}]);
});
