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
