import { childKind } from "../../kinds/index.ts";
import type { Resource } from "../../kube/index.ts";

/** The API resource of a kind of child. Throws for any other kind. */
export function resourceOf(kind: string): Resource {
  const facts = childKind(kind);
  if (facts === undefined) throw new Error(`no child has the kind ${kind}`);
  return facts.resource;
}
