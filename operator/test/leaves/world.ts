import {
  type Condition,
  type TaskAssistantSpec,
  type TaskAssistantStatus,
  taskAssistantResource,
} from "../../src/api/taskassistants/v1alpha1/index.ts";
import { ensureFinalizer } from "../../src/assistants/apply/finalizer.ts";
import { watchedNames } from "../../src/assistants/desired/index.ts";
import type { ReducedData } from "../../src/assistants/observe/fingerprints.ts";
import { childId, type LiveVolume, type Snapshot } from "../../src/assistants/observe/snapshot.ts";
import { type Plan, plan } from "../../src/assistants/plan/plan.ts";
import type { PlannedApply } from "../../src/assistants/plan/replicas.ts";
import { assess } from "../../src/assistants/report/findings/assess.ts";
import { factsOf } from "../../src/assistants/report/findings/facts.ts";
import { nextStatus } from "../../src/assistants/report/status.ts";
import { difference } from "../../src/kinds/index.ts";
import type { KubeClient, LiveObject } from "../../src/kube/index.ts";
import { CATALOGUE } from "../../src/releases/index.ts";
import { assistant } from "../fixtures/assistant-fixture.ts";

const CONFIG = {
  operatorNamespace: "taskassistant-system",
  clusterDomain: "cluster.local",
  catalogue: CATALOGUE,
  userIds: "Fixed",
} as const;
const ADDRESS = { endpoint: { host: "pg.example.com", port: 6432, database: "app" } };
/** Rounds after which a spec that still leads to writes counts as a loop. */
const ROUNDS_MAX = 12;

type Finding = Pick<Condition, "type" | "status" | "reason" | "message">;

/** What can be seen of an assistant that has settled. */
export interface View {
  /** By kind and name. What the operator leaves to others is left out. */
  readonly children: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>> & { readonly conditions: readonly Finding[] };
  readonly finalizers: readonly string[];
}

/**
 * One assistant in a cluster without a cluster: an API server that keeps what is applied and controllers that bring everything up at
 * once. What decides and compares is the operator's own code. Without user data, no Secret or ConfigMap that a spec names exists.
 */
export function createWorld({ withUserData = true } = {}) {
  const children = new Map<string, LiveObject>();
  const generated = new Set<string>();
  let written: TaskAssistantStatus | undefined;
  let finalizers: readonly string[] = [];
  let generation = 0;

  function snapshot(spec: TaskAssistantSpec): Snapshot {
    const base = assistant();
    const resource = {
      ...base,
      metadata: { ...base.metadata, generation, finalizers },
      spec,
      ...(written === undefined ? {} : { status: written }),
    };
    const { namespace, name } = resource.metadata;
    const named = (kind: "Secret" | "ConfigMap") => (withUserData ? watchedNames(spec, kind) : []);
    const secrets = new Map([...generated, ...named("Secret")].map((each) => [each, data("Secret", each)]));
    const configMaps = new Map(named("ConfigMap").map((each) => [each, data("ConfigMap", each)]));
    const volume = children.get("PersistentVolumeClaim/demo-db-data") as LiveVolume | undefined;
    return {
      key: { namespace, name },
      assistant: resource,
      children: new Map(children),
      secrets,
      configMaps,
      volume,
      pods: [],
      refusals: new Map(),
      backups: [],
      restores: [],
      external: spec.database.mode === "External" ? ADDRESS : undefined,
      now: new Date("2026-01-01T00:10:00Z"),
    };
  }

  function apply({ child, handover }: PlannedApply): void {
    const id = childId(child.kind, child.metadata.name);
    const live = children.get(id);
    const object = structuredClone(child) as unknown as LiveObject & { spec?: { replicas?: number } };
    const counted = child.kind === "Deployment" || child.kind === "StatefulSet";
    const replicas = object.spec?.replicas ?? handover ?? Number(live?.spec?.replicas ?? 1);
    const status = statusOf(child.kind, replicas);
    children.set(id, {
      ...object,
      metadata: { ...object.metadata, uid: `uid of ${id}`, generation: 1 },
      ...(counted ? { spec: { ...object.spec, replicas } } : {}),
      status,
    });
  }

  function carryOut(made: Plan): boolean {
    const pending = made.apply.filter(({ child, handover }) => {
      const live = children.get(childId(child.kind, child.metadata.name));
      return live === undefined || handover !== undefined || difference(child, live) !== undefined;
    });
    for (const { name } of made.createSecrets) generated.add(name);
    for (const each of pending) apply(each);
    for (const { kind, metadata } of made.remove) children.delete(childId(kind, metadata.name));
    return pending.length + made.createSecrets.length + made.remove.length > 0;
  }

  return {
    /** Gives the assistant this spec and waits until nothing is left to do. Throws if that never comes. */
    async settle(spec: TaskAssistantSpec): Promise<View> {
      generation += 1;
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const before = snapshot(spec);
        await ensureFinalizer({ client: finalizerClient(), signal: new AbortController().signal }, before);
        const made = plan(before, CONFIG);
        const changed = carryOut(made);
        const after = snapshot(spec);
        const facts = factsOf(after, made, []);
        const next = nextStatus(after, made, assess(facts, {}), { operatorVersion: "0.1.0" });
        const isSame = JSON.stringify(next) === JSON.stringify(written);
        written = next;
        if (!changed && isSame) return view();
      }
      throw new Error(`the operator did not settle on ${JSON.stringify(spec)}`);
    },
  };

  function finalizerClient(): KubeClient {
    return {
      mergePatch: async (resource: unknown, _ref: unknown, patch: { metadata: { finalizers: readonly string[] } }) => {
        if (resource === taskAssistantResource) finalizers = patch.metadata.finalizers;
      },
    } as unknown as KubeClient;
  }

  function view(): View {
    const shown = [...children].map(([id, { status: _, ...object }]) => {
      const isOwned = object.metadata.annotations?.["taskassistant.dev/owns-replicas"] === "true";
      const { replicas, ...spec } = object.spec ?? {};
      const settled =
        object.kind === "Deployment" && !isOwned ? { ...object, spec } : { ...object, spec: { ...spec, replicas } };
      return [id, settled] as const;
    });
    const {
      conditions = [],
      suspendedReplicas: _counts,
      components: _components,
      observedGeneration: _g,
      ...rest
    } = written ?? {};
    return {
      children: Object.fromEntries(shown.toSorted(([a], [b]) => a.localeCompare(b))),
      status: {
        ...rest,
        conditions: conditions.map(({ lastTransitionTime: _, observedGeneration: _o, ...each }) => each),
      },
      finalizers,
    };
  }
}

function statusOf(kind: string, replicas: number): Readonly<Record<string, unknown>> {
  const counts = { readyReplicas: replicas, updatedReplicas: replicas, availableReplicas: replicas };
  if (kind === "Deployment" || kind === "StatefulSet") return { observedGeneration: 1, replicas, ...counts };
  return kind === "Job" ? { conditions: [{ type: "Complete", status: "True" }] } : {};
}

/** A Secret or ConfigMap with every key that somebody asks for. One that becomes variables as a whole has the key A. */
function data(kind: string, name: string): ReducedData {
  const fingerprints = new Proxy<Record<string, string>>(
    { A: `${name} A` },
    { get: (_target, key) => (typeof key === "string" ? `${name} ${key}` : undefined) },
  );
  return { apiVersion: "v1", kind, metadata: { name }, fingerprints };
}
