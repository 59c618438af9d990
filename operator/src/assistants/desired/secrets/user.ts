import { type TaskAssistantSpec, TIERS } from "../../../api/taskassistants/v1alpha1/index.ts";
import { databaseMode } from "../database/mode.ts";
import type { DataKind, DataObject } from "../input.ts";
import { SECRET_KEYS } from "../names.ts";
import { envSources, variableSource } from "../pod/user-env.ts";

/** A Secret or ConfigMap that the user brings, and which field names it. */
export interface UserRef extends DataObject {
  /** Path of the field below `spec`. */
  readonly path: string;
  /** Undefined when the object is used whatever its keys are. */
  readonly key?: string;
  /** The pods go on without it while it does not exist. */
  readonly optional?: boolean;
}

/** Every Secret and ConfigMap that the spec names, with the key where it names one. */
function userRefs(spec: TaskAssistantSpec): UserRef[] {
  const refs: UserRef[] = databaseMode(spec)
    .userSecrets(spec)
    .map((ref) => ({ kind: "Secret", ...ref }));
  const add = (path: string, name: string | undefined, ...keys: string[]): void => {
    if (name !== undefined) refs.push(...keys.map((key) => ({ path, kind: "Secret" as const, name, key })));
  };
  const { model, auth } = spec;
  add("auth.secretRef", auth.secretRef?.name, SECRET_KEYS.authSecret);
  add("auth.initialUser.secretRef", auth.initialUser?.secretRef.name, "email", "password");
  if (model.apiKeySecretRef !== undefined) {
    add("model.apiKeySecretRef", model.apiKeySecretRef.name, model.apiKeySecretRef.key);
  }
  if (model.caBundleRef !== undefined) add("model.caBundleRef", model.caBundleRef.name, model.caBundleRef.key);
  for (const { name, valueFrom } of model.headers ?? []) {
    add(`model.headers[${name}]`, valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.key);
  }
  for (const tier of TIERS) {
    for (const { name, valueFrom } of spec[tier]?.env ?? []) {
      const source = variableSource(valueFrom);
      if (source !== undefined) refs.push({ path: `${tier}.env[${name}]`, ...source });
    }
    refs.push(...envSources(spec, tier).map((source) => ({ path: `${tier}.envFrom`, ...source })));
  }
  return refs;
}

/** Every Secret and ConfigMap, and every key of one, without which the spec can't be carried out. */
export function requiredUserRefs(spec: TaskAssistantSpec): UserRef[] {
  return userRefs(spec).filter(({ optional }) => optional !== true);
}

/** Names of all Secrets or ConfigMaps whose changes concern the resource. */
export function watchedNames(spec: TaskAssistantSpec, kind: DataKind): string[] {
  const names = userRefs(spec).flatMap((ref) => (ref.kind === kind ? [ref.name] : []));
  const tls = kind === "Secret" ? spec.exposure.tls?.secretName : undefined;
  return [...new Set(tls === undefined ? names : [...names, tls])];
}
