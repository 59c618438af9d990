import { isDeepStrictEqual } from "node:util";
import { conditions } from "../../api/taskassistants/v1alpha1/conditions.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import {
  COMPONENTS,
  type Component,
  databaseMode,
  kindOf,
  namesOf,
  publicUrl,
  selectorLabels,
} from "../desired/index.ts";
import type { ProbeOutcome } from "../observe/probe-outcome.ts";
import { lastRestore } from "../observe/restoring.ts";
import { childId, type Snapshot } from "../observe/snapshot.ts";
import type { Plan } from "../plan/plan.ts";
import type { Finding } from "./findings/finding.ts";
import { backupStatus } from "./next-backup.ts";
import { planStatus } from "./plan-status.ts";
import { explained } from "./upgrade/explained.ts";

type Components = NonNullable<TaskAssistantStatus["components"]>;
type ComponentStatus = NonNullable<Components["api"]>;

/** The status as it should be written. */
export function nextStatus(
  snapshot: Snapshot,
  plan: Plan,
  findings: readonly Finding[],
  { operatorVersion }: { readonly operatorVersion: string },
  probe?: ProbeOutcome,
): TaskAssistantStatus {
  const { assistant, now } = snapshot;
  const { spec, status: previous, metadata } = assistant;
  const generation = metadata.generation ?? 0;
  const planned = planStatus(snapshot, plan, findings);
  const upgrade = plan.upgrade;
  const running = upgrade?.running ?? firstRelease(plan, findings) ?? previous?.version?.running;
  const target = upgrade?.target;
  const backup = backupStatus(snapshot);
  return {
    observedGeneration: generation,
    url: publicUrl(spec),
    model: spec.model.provider === "Demo" ? "Demo" : (spec.model.name ?? ""),
    ...asItWas(plan, previous),
    version: {
      ...(running === undefined ? {} : { running }),
      ...(target === undefined ? {} : { target }),
      operator: operatorVersion,
    },
    ...upgradeStatus(snapshot, plan, probe),
    components: components(snapshot),
    ...(planned === undefined ? {} : { plan: planned }),
    database: database(snapshot, plan),
    ...(backup === undefined ? {} : { backup }),
    ...(plan.suspendedReplicas === undefined ? {} : { suspendedReplicas: plan.suspendedReplicas }),
    conditions: conditions(findings, previous?.conditions, generation, now),
  };
}

/** What the status says of a spec that was carried out, while a newer one is held back. */
function asItWas(plan: Plan, previous: TaskAssistantStatus | undefined): Pick<TaskAssistantStatus, "url" | "model"> {
  if (plan.frozen === undefined || plan.frozen.changes.length === 0) return {};
  const { url, model } = previous ?? {};
  return { ...(url === undefined ? {} : { url }), ...(model === undefined ? {} : { model }) };
}

/** The release of a new assistant counts as running once everything works. */
function firstRelease({ upgrade }: Plan, findings: readonly Finding[]): string | undefined {
  const is = (condition: string, wanted: string) =>
    findings.some(({ type, status }) => type === condition && status === wanted);
  return is("Ready", "True") && is("Reconciling", "False") ? upgrade?.target : undefined;
}

function upgradeStatus(
  snapshot: Snapshot,
  { upgrade }: Plan,
  probe: ProbeOutcome,
): Pick<TaskAssistantStatus, "upgrade"> {
  const { status } = snapshot.assistant;
  const record = upgrade === undefined ? status?.upgrade : upgrade.record;
  return record === undefined ? {} : { upgrade: explained(snapshot, record, probe) };
}

/** Whether writing would change nothing. */
export function sameStatus(a: TaskAssistantStatus | undefined, b: TaskAssistantStatus): boolean {
  return isDeepStrictEqual(a, b);
}

/** The field of each component in `status.components`. The migration has another field, maintenance, backup and people have none. */
const STATUS_FIELD: { readonly [C in Component]: keyof Components | undefined } = {
  frontend: "frontend",
  api: "api",
  mcp: "mcp",
  model: "model",
  db: "database",
  migrate: undefined,
  maintenance: undefined,
  backup: undefined,
  people: undefined,
};

function components(snapshot: Snapshot): Components {
  const { name } = snapshot.assistant.metadata;
  return Object.fromEntries(
    COMPONENTS.flatMap((component) => {
      const field = STATUS_FIELD[component];
      const live = snapshot.children.get(childId(kindOf(component), namesOf(name).component(component)));
      return field === undefined || live === undefined
        ? []
        : [[field, componentStatus(live, name, component)] as const];
    }),
  );
}

function componentStatus(live: LiveObject, assistant: string, component: Component): ComponentStatus {
  const replicas = Number(live.spec?.replicas ?? 1);
  const readyReplicas = Number(live.status?.readyReplicas ?? 0);
  const image = imageOf(live);
  return {
    ...(image === undefined ? {} : { image }),
    replicas,
    readyReplicas,
    updatedReplicas: Number(live.status?.updatedReplicas ?? 0),
    ready: `${readyReplicas}/${replicas}`,
    selector: Object.entries(selectorLabels(assistant, component))
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  };
}

interface WithTemplate {
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
}

function imageOf(live: LiveObject): string | undefined {
  const [container] = (live as WithTemplate).spec?.template?.spec?.containers ?? [];
  return container?.image;
}

function database(snapshot: Snapshot, plan: Plan): NonNullable<TaskAssistantStatus["database"]> {
  const { spec, status } = snapshot.assistant;
  const recorded = status?.database;
  // Until an upgrade is done, the way back needs the migration of the release before it.
  const isDone = plan.migration.phase === "done" && plan.upgrade?.isActive !== true;
  const migration = isDone ? plan.desired?.migration?.metadata.name : recorded?.migration;
  const schemaVersion = migration === undefined ? undefined : (plan.upgrade?.schemaVersion ?? recorded?.schemaVersion);
  const restore = lastRestore(snapshot);
  return {
    ...databaseMode(spec).status(snapshot),
    ...(migration === undefined ? {} : { migration }),
    ...(schemaVersion === undefined ? {} : { schemaVersion }),
    ...(restore === undefined ? {} : { restore }),
  };
}
