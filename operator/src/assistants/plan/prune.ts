import { type Child, childKind, isWorkload } from "../../kinds/index.ts";
import type { LiveObject } from "../../kube/index.ts";
import { allChildren, COMPONENTS, componentOf, type DesiredChildren, isPresent } from "../desired/index.ts";
import type { Observed } from "../observe/snapshot.ts";

/** Children of ours that nothing asks for any more. */
export function outdated(observed: Observed, desired: DesiredChildren): LiveObject[] {
  const children = allChildren(desired);
  const wanted = new Set(children.map(id));
  const unknown = undecided(observed, children);
  return observed.owned.filter(
    (child) =>
      childKind(child.kind)?.holds === "nothing" &&
      child.metadata.deletionTimestamp === undefined &&
      !wanted.has(id(child)) &&
      !unknown.has(componentOf(child) ?? ""),
  );
}

/** Components whose pods can't be described for now, though they are wanted: an unknown database address, say. */
function undecided({ assistant }: Observed, children: readonly Child[]): Set<string> {
  const built = new Set(children.filter(isWorkload).map(componentOf));
  return new Set(COMPONENTS.filter((component) => isPresent(component, assistant.spec) && !built.has(component)));
}

function id(child: { readonly kind: string; readonly metadata: { readonly name: string } }): string {
  return `${child.kind}/${child.metadata.name}`;
}
