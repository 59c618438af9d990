import { createHash } from "node:crypto";
import { TIERS } from "../../api/taskassistants/v1alpha1/index.ts";
import type { Child } from "../../kinds/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import type { DesiredInput } from "./input.ts";
import { namesOf } from "./names.ts";

/** Annotation of the resource and of the tiers' pod templates: each new value restarts the pods of the tiers once. */
export const RESTARTED_AT = "taskassistant.dev/restartedAt";

/** A value comes from a person and goes into each pod. */
const VALUE_MAX = 64;

/**
 * The value that the pods of a tier carry: that of the resource, else that of the live Deployment, because taking the annotation away
 * again must not restart anything.
 */
export function restartedAt(
  { annotations }: { readonly annotations?: Readonly<Record<string, string>> },
  live: LiveObject | undefined,
): string | undefined {
  const asked = annotations?.[RESTARTED_AT]?.trim();
  if (asked === undefined || asked === "")
    return (live as WithTemplate | undefined)?.spec?.template?.metadata?.annotations?.[RESTARTED_AT];
  return asked.length <= VALUE_MAX ? asked : createHash("sha256").update(asked).digest("hex").slice(0, 16);
}

/** The child with the mark of the last restart, if it is a tier. The database has none: its restart would interrupt everyone. */
export function withRestart<C extends Child>({ name, restarts }: DesiredInput, child: C): C {
  const tier = TIERS.find((each) => namesOf(name).component(each) === child.metadata.name);
  const value = tier === undefined ? undefined : restarts?.[tier];
  if (child.kind !== "Deployment" || child.spec === undefined || value === undefined) return child;
  const { template } = child.spec;
  const annotations = { ...template.metadata?.annotations, [RESTARTED_AT]: value };
  const metadata = { ...template.metadata, annotations };
  return { ...child, spec: { ...child.spec, template: { ...template, metadata } } };
}

interface WithTemplate {
  readonly spec?: {
    readonly template?: { readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> } };
  };
}
