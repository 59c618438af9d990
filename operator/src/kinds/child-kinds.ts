import type { builtin } from "../kube/index.ts";

/**
 * Kinds of children that are watched by our label, and removed when the resource no longer asks for them. Data and
 * credentials are not among them: volumes and Secrets have watches of their own.
 */
export const CHILD_KINDS = [
  "Deployment",
  "StatefulSet",
  "Job",
  "Service",
  "ServiceAccount",
  "NetworkPolicy",
  "Ingress",
] as const satisfies readonly (keyof typeof builtin)[];

/**
 * Those of them that are watched whole. An apply to somebody else's object of the same name shows itself by a conflict over
 * a field that both set; a ServiceAccount has none, and ours would quietly take it over, and take it along when it goes.
 */
export const UNSELECTED: ReadonlySet<(typeof CHILD_KINDS)[number]> = new Set(["ServiceAccount"]);
