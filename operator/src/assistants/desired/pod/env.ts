import type { EnvSpec, TaskAssistantSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { EnvVar } from "../../../kube/objects.ts";
import type { SecretKey } from "../input.ts";
import { whyRefused } from "./env-rule.ts";

/** A comma-separated list; no variable at all when it is empty. */
export function list(name: string, values: readonly string[] | undefined): EnvVar[] {
  return values === undefined || values.length === 0 ? [] : [literal(name, values.join(","))];
}

/**
 * A variable with exactly this value. Kubernetes expands `$(NAME)` in values. To keep a user's text from pulling in another
 * variable, such as a password, every `$` is doubled, which Kubernetes turns back into one.
 */
export function literal(name: string, value: string | number): EnvVar {
  return { name, value: String(value).replaceAll("$", "$$$$") };
}

/** A variable whose value names other variables as `$(NAME)`; those must come earlier in the list. */
export function composed(name: string, value: string): EnvVar {
  return { name, value };
}

/** A variable from a Secret. With `optional` it is left out while the key does not exist. */
export function fromSecret(name: string, { name: secret, key }: SecretKey, optional?: "optional"): EnvVar {
  const reference = { name: secret, key };
  return {
    name,
    valueFrom: { secretKeyRef: optional === undefined ? reference : { ...reference, optional: true } },
  };
}

/**
 * The user's own variables, without those that a resource can't set. The API server refuses such a name, but not in a resource
 * that had it before the definition did.
 */
export function userEnv(env: readonly EnvSpec[] | undefined): EnvVar[] {
  return (env ?? [])
    .filter(({ name }) => whyRefused(name) === undefined)
    .map(({ name, value, valueFrom }) => ({
      name,
      ...(value === undefined || value === "" ? {} : { value }),
      ...(valueFrom === undefined ? {} : { valueFrom: { ...valueFrom } }),
    }));
}

/** The variables that the spec gives and the pods don't get, each with its field and what is wrong with it. */
export function refusedEnv(spec: Pick<TaskAssistantSpec, "frontend" | "api" | "mcp">): RefusedVariable[] {
  return (["frontend", "api", "mcp"] as const).flatMap((tier) =>
    (spec[tier]?.env ?? []).flatMap(({ name }) => {
      const why = whyRefused(name);
      return why === undefined ? [] : [{ path: `spec.${tier}.env`, name, why }];
    }),
  );
}

/** A variable of the user that the operator leaves out. */
export interface RefusedVariable {
  readonly path: string;
  readonly name: string;
  readonly why: string;
}
