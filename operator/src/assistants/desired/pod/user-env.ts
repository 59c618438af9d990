import { type TaskAssistantSpec, TIERS, type Tier, type TierSpec } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { EnvVar } from "../../../kube/objects.ts";
import type { DesiredInput } from "../input.ts";
import { fromSecret } from "./env.ts";
import { whyRefused } from "./reserved-env.ts";

/** A variable of the user that the operator leaves out. */
export interface RefusedVariable {
  /** The field that gives it, such as `spec.api.env`. */
  readonly path: string;
  readonly name: string;
  /** Follows "it". */
  readonly why: string;
}

/** What the variables of a resource are made from. */
type Source = Pick<DesiredInput, "spec" | "secretKeys">;

/** A variable as the spec gives it, before anything is refused. */
interface Given {
  readonly path: string;
  readonly variable: EnvVar;
}

/** Maximum number of variables from one Secret, so that a large one does not make a pod that the API server refuses. */
const FROM_ONE_SECRET = 100;

/**
 * The user's own variables, without those that a resource can't set. The API server refuses such a name in `env`, but not in a
 * resource that had it before the definition did, and it can't see the keys of a Secret. So `envFrom` becomes single variables.
 */
export function userEnv(source: Source, tier: Tier): EnvVar[] {
  return given(source, tier).flatMap(({ variable }) => (whyLeftOut(variable) === undefined ? [variable] : []));
}

/** The variables that the spec gives and the pods don't get, each with its field and what is wrong with it. */
export function refusedEnv(source: Source): RefusedVariable[] {
  return TIERS.flatMap((tier) => {
    const refused = given(source, tier).flatMap(({ path, variable }) => {
      const why = whyLeftOut(variable);
      return why === undefined ? [] : [{ path, name: variable.name, why }];
    });
    return [...refused, ...beyondLimit(source, tier)];
  });
}

function given({ spec, secretKeys }: Source, tier: Tier): Given[] {
  const { env = [], envFrom = [] } = spec[tier] ?? {};
  const own = env.map(({ name, value, valueFrom }) => ({
    path: `spec.${tier}.env`,
    variable: {
      name,
      ...(value === undefined || value === "" ? {} : { value }),
      ...(valueFrom === undefined ? {} : { valueFrom: { ...valueFrom } }),
    },
  }));
  // As in Kubernetes, a later source replaces a variable of the same name, and `env` replaces them all.
  const expanded = new Map(
    envFrom.flatMap((from) =>
      secretKeys(from.secretRef.name)
        .slice(0, FROM_ONE_SECRET)
        .map((key) => {
          const name = `${from.prefix ?? ""}${key}`;
          const variable = fromSecret(name, { name: from.secretRef.name, key });
          return [name, { path: pathOf(tier, from), variable }] as const;
        }),
    ),
  );
  for (const { variable } of own) expanded.delete(variable.name);
  return [...expanded.values(), ...own];
}

function beyondLimit({ spec, secretKeys }: Source, tier: Tier): RefusedVariable[] {
  return (spec[tier]?.envFrom ?? []).flatMap((from) => {
    const more = secretKeys(from.secretRef.name).slice(FROM_ONE_SECRET);
    const why = `is beyond the first ${FROM_ONE_SECRET} keys of the Secret`;
    return more.map((key) => ({ path: pathOf(tier, from), name: `${from.prefix ?? ""}${key}`, why }));
  });
}

function pathOf(tier: Tier, { secretRef }: NonNullable<TierSpec["envFrom"]>[number]): string {
  return `spec.${tier}.envFrom[${secretRef.name}]`;
}

function whyLeftOut({ name }: EnvVar): string | undefined {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? whyRefused(name) : "is no name of an environment variable";
}

/** The Secrets that become variables as a whole, each with the field that names it. */
export function wholeSecrets(spec: TaskAssistantSpec): { readonly path: string; readonly name: string }[] {
  return TIERS.flatMap((tier) =>
    (spec[tier]?.envFrom ?? []).map(({ secretRef }) => ({ path: `${tier}.envFrom`, name: secretRef.name })),
  );
}
