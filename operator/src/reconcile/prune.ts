import { type Component, type DesiredChildren, namesOf } from "../desired/index.ts";
import { CHILD_KINDS } from "./child-kinds.ts";
import type { LiveObject, Observed } from "./observed.ts";

const PRUNED: ReadonlySet<string> = new Set(CHILD_KINDS);

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
