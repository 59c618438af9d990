import { type TaskAssistantSpec, TIERS } from "../../../api/taskassistants/v1alpha1/index.ts";
import { databaseMode } from "../database/mode.ts";
import { SECRET_KEYS } from "../names.ts";
import { wholeSecrets } from "../pod/user-env.ts";

/** A Secret that the user brings, and which field names it. */
export interface UserSecretRef {
  /** Path of the field below `spec`. */
  readonly path: string;
  readonly name: string;
  /** Undefined when the Secret is used whatever its keys are. */
  readonly key?: string;
}

/** Every Secret, and every key of one, without which the spec can't be carried out. */
export function userSecretRefs(spec: TaskAssistantSpec): UserSecretRef[] {
  const refs: UserSecretRef[] = [...databaseMode(spec).userSecrets(spec)];
  const add = (path: string, name: string | undefined, ...keys: string[]): void => {
    if (name !== undefined) refs.push(...keys.map((key) => ({ path, name, key })));
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
      const ref = valueFrom?.secretKeyRef;
      if (ref !== undefined) add(`${tier}.env[${name}]`, ref.name, ref.key);
    }
  }
  return [...refs, ...wholeSecrets(spec)];
}

/** Names of all Secrets whose changes concern the resource. */
export function watchedSecretNames(spec: TaskAssistantSpec): string[] {
  const names = userSecretRefs(spec).map(({ name }) => name);
  const tls = spec.exposure.tls?.secretName;
  return [...new Set(tls === undefined ? names : [...names, tls])];
}
