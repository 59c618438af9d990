import { errorTextWithCause } from "@taskassistant/kit/failures";
import { ApiError, type FieldConflict, isConflict } from "../../kube/index.ts";
import { LeaseLostError } from "../../runtime/index.ts";

/** Why an object could not be brought to its desired state, as data from which `report` makes a message. */
export type ApplyProblem =
  /** The API server refuses it, in its own words, and will until a person changes something. `object`: kind and name. */
  | { readonly kind: "refused"; readonly object: string; readonly message: string }
  /** The attempt failed, because the API server has trouble or gave no answer. That may pass by itself. */
  | { readonly kind: "failed"; readonly object: string; readonly message: string }
  /** The storage class does not let the volume claim grow from `size` to `wanted`. */
  | ({ readonly kind: "notGrown"; readonly message: string } & Growth)
  /** An object that is not ours has its name. `conflict` names the fields over which the two conflict. */
  | { readonly kind: "nameTaken"; readonly object: string; readonly conflict?: string }
  /** Another program keeps changing its fields. */
  | { readonly kind: "contested"; readonly contest: Contest };

/** A claim that should become larger. */
export interface Growth {
  readonly claim: string;
  /** Undefined if the claim has none. */
  readonly storageClass: string | undefined;
  readonly size: string;
  readonly wanted: string;
}

/** A program and the operator that keep changing the same fields. */
export interface Contest {
  /** Kind, namespace and name, such as `Deployment team/demo-api`. */
  readonly object: string;
  readonly manager: string;
  readonly fields: readonly FieldConflict["field"][];
}

/** What is left of a resource that is being deleted. */
export interface Deletion {
  /** What still exists, as kind and name. */
  readonly left: readonly string[];
  readonly problems: readonly ApplyProblem[];
  /** The backup that is made before anything is deleted, and the time at which the data stays instead. */
  readonly backup?: { readonly name: string; readonly until: Date };
  /** Why the data stays although the policy asks for a backup and its deletion. */
  readonly retained?: string;
}

/**
 * The problem behind an error, so that one object that can't be written keeps neither the others nor the status from being
 * written. Throws the error again if the reconcile as a whole is over: `signal` aborted, or the process may not write any more.
 */
export function problemOf(error: unknown, object: string, signal: AbortSignal): ApplyProblem {
  if (signal.aborted || error instanceof LeaseLostError) throw error;
  if (error instanceof ApiError) {
    return { kind: isRefusal(error) ? "refused" : "failed", object, message: words(error) };
  }
  return { kind: "failed", object, message: errorTextWithCause(error) };
}

/** Runs `write`; returns the problem that prevented it. */
export async function attempted(
  object: string,
  signal: AbortSignal,
  write: () => Promise<unknown>,
): Promise<ApplyProblem[]> {
  try {
    await write();
    return [];
  } catch (error) {
    return [problemOf(error, object, signal)];
  }
}

/** Whether the server has understood the request and does not want it. A webhook that can't be reached refuses everything. */
function isRefusal(error: ApiError): boolean {
  const { status, message } = error;
  if (status === 401 || status === 408 || status === 429 || isConflict(error)) return false;
  return status < 500 || message.includes("failed calling webhook");
}

/** The server's own words, without the request they answer. */
function words({ message }: ApiError): string {
  return message.replace(/^[A-Z]+ \/\S+: /, "");
}
