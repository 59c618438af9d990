import type { FieldDifference } from "../../kinds/index.ts";
import type { KubeObject } from "../../kube/index.ts";

/** Annotation: with the value `disabled`, the operator writes to no child until the annotation is removed. */
export const RECONCILE = "taskassistant.dev/reconcile";
/** Annotation: with the value `true`, the operator writes what it would do into the status instead of doing it. */
export const PLAN = "taskassistant.dev/plan";

/** Why no child is written: a pause comes first, because it promises the least. */
export type Freeze = "paused" | "planned";

/** Whether a person has frozen the children of a resource, and how. */
export function freezeOf(resource: KubeObject): Freeze | undefined {
  if (means(resource.metadata.annotations?.[RECONCILE], "disabled")) return "paused";
  return isPlanned(resource) ? "planned" : undefined;
}

/** Whether the plan is to be shown. */
export function isPlanned({ metadata }: KubeObject): boolean {
  return means(metadata.annotations?.[PLAN], "true");
}

/** The annotations of a person who meant to freeze the children and wrote a value that does nothing. */
export function withoutMeaning({ metadata: { annotations = {} } }: KubeObject): string[] {
  const wrong = (key: string, ...values: string[]) =>
    annotations[key] !== undefined && !values.some((value) => means(annotations[key], value)) ? [key] : [];
  return [...wrong(RECONCILE, "disabled", "enabled"), ...wrong(PLAN, "true", "false")];
}

function means(value: string | undefined, word: string): boolean {
  return value?.trim().toLowerCase() === word;
}

/** One object that would be written or removed. */
export interface PlannedChange {
  readonly action: "Create" | "Change" | "Remove";
  readonly kind: string;
  readonly name: string;
  /** Fields of an object that changes, with what they are and would be. The values are not fit to be shown as they are. */
  readonly fields: readonly FieldDifference[];
  /** Whether it replaces running pods. */
  readonly restarts: boolean;
  /** Why the API server would refuse it, in its own words. */
  readonly refused?: string;
}

/** What is held back while the children are frozen. */
export interface Frozen {
  readonly by: Freeze;
  /** In the order in which they would be made. */
  readonly changes: readonly PlannedChange[];
  /** The upgrade that would begin, or that stands still where it is. */
  readonly upgrade?: { readonly from: string; readonly to: string };
  /** Whether a migration would run. */
  readonly migrates: boolean;
}
