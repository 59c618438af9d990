import { childKind } from "../../kinds/index.ts";
import type { Resource } from "../../kube/index.ts";

/** Where the API server has the children of a kind. Throws for a kind that no child has. */
export function resourceOf(kind: string): Resource {
  const facts = childKind(kind);
  if (facts === undefined) throw new Error(`no child has the kind ${kind}`);
  return facts.resource;
}
