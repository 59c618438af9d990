import { type Child, childKind, isWorkload } from "../../kinds/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import { allChildren, COMPONENTS, componentOf, type DesiredChildren, isPresent } from "../desired/index.ts";
import { childId, ownedChildren, type Snapshot } from "../observe/snapshot.ts";

/** Children that the resource no longer asks for. */
export function outdated(snapshot: Snapshot, desired: DesiredChildren): LiveObject[] {
  const children = allChildren(desired);
  const wanted = new Set(children.map(id));
  const unknown = undecided(snapshot, children);
  return ownedChildren(snapshot).filter(
    (child) =>
      childKind(child.kind)?.holds === "nothing" &&
      child.metadata.deletionTimestamp === undefined &&
      !wanted.has(id(child)) &&
      !unknown.has(componentOf(child) ?? ""),
  );
}

/** Components that are wanted but whose pods can't be described yet, for example because the database address is unknown. */
function undecided({ assistant }: Snapshot, children: readonly Child[]): Set<string> {
  const built = new Set(children.filter(isWorkload).map(componentOf));
  return new Set(COMPONENTS.filter((component) => isPresent(component, assistant.spec) && !built.has(component)));
}

function id({ kind, metadata }: LiveObject | Child): string {
  return childId(kind, metadata.name);
}
