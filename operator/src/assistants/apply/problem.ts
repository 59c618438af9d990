import type { FieldConflict } from "../../kube/index.ts";

/** Why a child could not be brought to its desired state, as data: `report` puts it into words. */
export type ApplyProblem =
  /** The API server refuses it, in its own words. */
  | { readonly kind: "refused"; readonly message: string }
  /** Somebody else's object has its name. `conflict`: the fields over which this showed. */
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
