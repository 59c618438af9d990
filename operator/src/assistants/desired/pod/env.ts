import type { EnvVar } from "../../../kube/objects.ts";
import type { SecretKey } from "../input.ts";

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
