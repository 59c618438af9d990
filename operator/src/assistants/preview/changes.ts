import { type Child, difference, differences, isWorkload } from "../../kinds/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import { allChildren, namesOf } from "../desired/index.ts";
import { childId, type Snapshot } from "../observe/snapshot.ts";
import type { PlannedChange } from "../plan/freeze.ts";
import { hasItsJob, type Plan } from "../plan/plan.ts";

/** A child that would be changed, as it would be sent and as it is. */
export interface Pending {
  readonly child: Child;
  readonly live: LiveObject;
  /** The replica count that is handed over first. */
  readonly handover: number | undefined;
}

/** What a plan comes to once nothing in it waits any more, as far as it can be known now. Pure. */
export interface Changes {
  readonly changes: readonly PlannedChange[];
  /** The children behind those of `changes` that change, by `childId`. */
  readonly pending: ReadonlyMap<string, Pending>;
  readonly migrates: boolean;
}

/** Compares every child that is wanted with the live one, whether or not it has to wait for another. */
export function changesOf(snapshot: Snapshot, plan: Plan): Changes {
  const pending = new Map<string, Pending>();
  const handovers = new Map(
    plan.apply.map(({ child, handover }) => [childId(child.kind, child.metadata.name), handover]),
  );
  const children = plan.desired === undefined ? [] : allChildren(plan.desired);
  const migrates = willMigrate(snapshot, plan);
  const written = children.flatMap((child) => {
    const { kind, metadata } = child;
    const id = childId(kind, metadata.name);
    const live = snapshot.children.get(id);
    if (kind === "Job" && (live === undefined ? !migrates : hasItsJob(snapshot, child))) return [];
    if (live === undefined)
      return [create(kind, kind === "Job" ? jobName(snapshot, plan, metadata.name) : metadata.name)];
    if (live.metadata.deletionTimestamp !== undefined || difference(child, live) === undefined) return [];
    pending.set(id, { child, live, handover: handovers.get(id) });
    return [change(child, live, differences(child, live))];
  });
  const unnamed = migrates && plan.desired?.migration === undefined ? [create("Job", migrationName(snapshot))] : [];
  return {
    changes: [
      ...plan.createSecrets.map(({ name }) => create("Secret", name)),
      ...plan.relabel.map(({ object, labels }) => ({
        ...change(object, {}, []),
        fields: Object.entries(labels).map(([key, to]) => ({
          path: `metadata.labels["${key}"]`,
          from: object.metadata.labels?.[key],
          to: to ?? undefined,
        })),
      })),
      ...written,
      ...unnamed,
      ...plan.remove.map(({ kind, metadata }) => ({
        ...NOTHING,
        action: "Remove" as const,
        kind,
        name: metadata.name,
      })),
    ],
    pending,
    migrates,
  };
}

/** A change of an object with these fields. */
export function change(
  { kind, metadata }: { readonly kind: string; readonly metadata: { readonly name: string } },
  live: { readonly spec?: Readonly<Record<string, unknown>> },
  fields: PlannedChange["fields"],
): PlannedChange {
  const runs = isWorkload({ kind } as Child) && live.spec?.replicas !== 0;
  const restarts = runs && kind !== "CronJob" && fields.some(({ path }) => path.startsWith("spec.template"));
  return { action: "Change", kind, name: metadata.name, fields, restarts };
}

const NOTHING = { fields: [], restarts: false } as const;

function create(kind: string, name: string): PlannedChange {
  return { ...NOTHING, action: "Create", kind, name };
}

/** A suspended resource migrates once it is resumed. */
function willMigrate({ assistant: { spec, status } }: Snapshot, { upgrade, desired, migration }: Plan): boolean {
  if (upgrade === undefined || spec.suspend || migration.phase === "done" || migration.phase === "running")
    return false;
  return desired?.migration !== undefined || status?.database?.migration === undefined;
}

/** The name of a Job follows from the Secrets it uses, and from the volume, so it is unknown while one of them does not exist. */
function jobName(snapshot: Snapshot, plan: Plan, name: string): string {
  return plan.createSecrets.length === 0 ? name : migrationName(snapshot);
}

function migrationName({ key }: Snapshot): string {
  return `${namesOf(key.name).component("migrate")}-*`;
}
