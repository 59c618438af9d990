import { type TaskAssistantSpec, TIERS, type Tier } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { EnvVar } from "../../../kube/objects.ts";
import type { DataKey, DataObject, DesiredInput } from "../input.ts";
import { whyLeftOut } from "./reserved-env.ts";

/** A variable of the user that the operator leaves out. */
export interface RefusedVariable {
  /** The field that gives it, such as `spec.api.env`. */
  readonly path: string;
  readonly name: string;
  /** Follows "it". */
  readonly why: string;
}

/** An object all keys of which become variables of a tier. */
export interface EnvSource extends DataObject {
  /** Goes before each key. */
  readonly prefix: string;
  readonly optional: boolean;
}

/** What the variables of a resource are made from. */
type Input = Pick<DesiredInput, "spec" | "keysOf">;

/** A variable as the spec gives it, before anything is refused. */
interface Given {
  readonly path: string;
  readonly variable: EnvVar;
}

/** Maximum number of variables from one object, so that a large one does not make a pod that the API server refuses. */
const FROM_ONE_OBJECT = 100;

/**
 * The user's own variables, without those that a resource can't set. The API server refuses such a name in `env`, but not in a
 * resource that had it before the definition did, and it can't see the keys of a Secret or ConfigMap. So `envFrom` becomes
 * single variables.
 */
export function userEnv(input: Input, tier: Tier): EnvVar[] {
  return given(input, tier).flatMap(({ variable }) => (whyLeftOut(variable.name) === undefined ? [variable] : []));
}

/** The variables that the spec gives and the pods don't get, each with its field and what is wrong with it. */
export function refusedEnv(input: Input): RefusedVariable[] {
  return TIERS.flatMap((tier) => {
    const refused = given(input, tier).flatMap(({ path, variable }) => {
      const why = whyLeftOut(variable.name);
      return why === undefined ? [] : [{ path, name: variable.name, why }];
    });
    return [...refused, ...beyondLimit(input, tier)];
  });
}

/** The Secrets and ConfigMaps that become variables of a tier as a whole, in the order of the spec. */
export function envSources(spec: TaskAssistantSpec, tier: Tier): EnvSource[] {
  return (spec[tier]?.envFrom ?? []).flatMap(({ prefix = "", secretRef, configMapRef }) => {
    const ref = secretRef ?? configMapRef;
    if (ref === undefined) return [];
    const kind = secretRef === undefined ? "ConfigMap" : "Secret";
    return [{ kind, name: ref.name, prefix, optional: ref.optional === true }];
  });
}

/** The key that a variable takes its value from; undefined when its value stands in the pod. */
export function variableSource(
  valueFrom: EnvVar["valueFrom"],
): (DataKey & { readonly optional?: boolean }) | undefined {
  const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
  const ref = secretKeyRef ?? configMapKeyRef;
  if (ref?.name === undefined) return undefined;
  const { name, key, optional } = ref;
  const source = { kind: secretKeyRef === undefined ? "ConfigMap" : "Secret", name, key } as const;
  return optional === undefined ? source : { ...source, optional };
}

function given({ spec, keysOf }: Input, tier: Tier): Given[] {
  const own = (spec[tier]?.env ?? []).map(({ name, value, valueFrom }) => ({
    path: `spec.${tier}.env`,
    variable: {
      name,
      ...(value === undefined || value === "" ? {} : { value }),
      ...(valueFrom === undefined ? {} : { valueFrom: { ...valueFrom } }),
    },
  }));
  // As in Kubernetes, a later source replaces a variable of the same name, and `env` replaces them all.
  const expanded = new Map(
    envSources(spec, tier).flatMap((source) =>
      keysOf(source)
        .slice(0, FROM_ONE_OBJECT)
        .map((key) => {
          const name = `${source.prefix}${key}`;
          return [name, { path: pathOf(tier, source), variable: fromKey(name, { ...source, key }) }] as const;
        }),
    ),
  );
  for (const { variable } of own) expanded.delete(variable.name);
  return [...expanded.values(), ...own];
}

function fromKey(name: string, { kind, name: object, key }: DataKey): EnvVar {
  const ref = { name: object, key };
  return { name, valueFrom: kind === "Secret" ? { secretKeyRef: ref } : { configMapKeyRef: ref } };
}

function beyondLimit({ spec, keysOf }: Input, tier: Tier): RefusedVariable[] {
  return envSources(spec, tier).flatMap((source) => {
    const why = `is beyond the first ${FROM_ONE_OBJECT} keys of the ${source.kind}`;
    const more = keysOf(source).slice(FROM_ONE_OBJECT);
    return more.map((key) => ({ path: pathOf(tier, source), name: `${source.prefix}${key}`, why }));
  });
}

function pathOf(tier: Tier, { name }: DataObject): string {
  return `spec.${tier}.envFrom[${name}]`;
}
