import type { FieldConflict } from "../../kube/index.ts";

/** Why a child could not be brought to its desired state, as data from which `report` makes a message. */
export type ApplyProblem =
  /** The API server refuses it, in its own words. */
  | { readonly kind: "refused"; readonly message: string }
  /** An object that is not ours has its name. `conflict` names the fields over which the two conflict. */
  | { readonly kind: "nameTaken"; readonly object: string; readonly conflict?: string }
  /** Another program keeps changing its fields. */
  | { readonly kind: "contested"; readonly contest: Contest };

/** A program and the operator that keep changing the same fields. */
export interface Contest {
  /** Kind, namespace and name, such as `Deployment team/demo-api`. */
  readonly object: string;
  readonly manager: string;
  readonly fields: readonly FieldConflict["field"][];
}
