import { type Component, type DesiredChildren, namesOf } from "../desired/index.ts";
import type { LiveObject, Observed } from "./observed.ts";

/** Kinds that are removed when the resource no longer asks for them. Data and credentials are not among them. */
const PRUNED = new Set(["Deployment", "StatefulSet", "Job", "Service", "ServiceAccount", "NetworkPolicy", "Ingress"]);

/** Children of ours that nothing asks for any more. */
export function outdated(observed: Observed, desired: DesiredChildren): LiveObject[] {
  const wanted = new Set(
    [...desired.foundation, desired.database, desired.migration, ...Object.values(desired.tiers)].flatMap((child) =>
      child === undefined ? [] : [id(child)],
    ),
  );
  const unknown = undecided(observed, desired);
  return observed.owned.filter(
    (child) =>
      PRUNED.has(child.kind) &&
      child.metadata.deletionTimestamp === undefined &&
      !wanted.has(id(child)) &&
      !unknown.has(child.metadata.labels?.["app.kubernetes.io/component"] ?? ""),
  );
}

/** Components whose objects can't be built for now, though they are wanted: an unknown database address, say. */
function undecided(observed: Observed, desired: DesiredChildren): Set<string> {
  const components: Component[] = ["frontend", "api", "mcp"];
  const names = namesOf(observed.assistant.metadata.name);
  const built = new Set(Object.values(desired.tiers).map(({ metadata }) => metadata.name));
  const missing: Component[] = components.filter((component) => !built.has(names.component(component)));
  return new Set(desired.migration === undefined ? [...missing, "migrate"] : missing);
}

function id(child: { readonly kind: string; readonly metadata: { readonly name: string } }): string {
  return `${child.kind}/${child.metadata.name}`;
}
