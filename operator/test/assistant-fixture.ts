import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { TaskAssistant } from "../src/api/taskassistants/v1alpha1/index.ts";
import type { DesiredInput, SecretKey } from "../src/assistants/desired/index.ts";
import type { Identified } from "../src/kube/index.ts";
import { CATALOGUE } from "../src/releases/index.ts";

/** What tests read of an OpenAPI schema. */
export interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly "x-kubernetes-validations"?: readonly { readonly rule: string }[];
}

/** The resource definition as it is installed, anchors resolved. */
export const definition = parse(readFileSync(join(import.meta.dirname, "../../crds/taskassistants.yaml"), "utf8"), {
  merge: true,
  maxAliasCount: 1000,
});
/** The schema of `spec`. */
export const specSchema: Schema = definition.spec.versions[0].schema.openAPIV3Schema.properties.spec;

/** Fills in defaults as the API server does. */
function withDefaults(schema: Schema, value: unknown): unknown {
  if (typeof value !== "object" || value === null || schema.properties === undefined) return value;
  const filled: Record<string, unknown> = { ...value };
  for (const [name, field] of Object.entries(schema.properties)) {
    if (filled[name] === undefined && field.default !== undefined) filled[name] = structuredClone(field.default);
    if (filled[name] !== undefined) filled[name] = withDefaults(field, filled[name]);
  }
  return filled;
}

/** A resource as the API server would serve it. */
export function assistant(spec: object = { model: { provider: "Demo" } }, name = "demo"): Identified<TaskAssistant> {
  return {
    apiVersion: "taskassistant.dev/v1alpha1",
    kind: "TaskAssistant",
    metadata: {
      name,
      namespace: "team",
      uid: "00000000-0000-4000-8000-000000000001",
      generation: 1,
      resourceVersion: "1",
    },
    spec: withDefaults(specSchema, spec) as TaskAssistant["spec"],
  };
}

/** The input of the builders; every Secret exists unless `fingerprint` says otherwise. */
export function desiredInput(spec?: object, more: Partial<DesiredInput> = {}): DesiredInput {
  const resource = assistant(spec);
  return {
    name: resource.metadata.name,
    namespace: resource.metadata.namespace,
    uid: resource.metadata.uid,
    spec: resource.spec,
    images: CATALOGUE["0.1.0"]!,
    secretKeys: () => [],
    fingerprint: ({ name, key }: SecretKey) => `fingerprint-of-${name}-${key}`,
    userIds: resource.spec.podSecurity?.userIds ?? "Fixed",
    operatorNamespace: "taskassistant-system",
    ...(resource.spec.database.mode === "Managed" ? { volume: { uid: "volume-1", size: "5Gi" } } : {}),
    ...more,
  };
}
