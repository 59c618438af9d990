import { parse } from "yaml";

/** The part of JSON Schema (OpenAPI v3, structural) that the definition uses. */
export interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  enum?: string[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  items?: Schema;
  minimum?: number;
  maximum?: number;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-validations"?: { rule: string; message?: string; messageExpression?: string; fieldPath?: string }[];
  [keyword: string]: unknown;
}

/** A CustomResourceDefinition with one version. */
export interface CustomResourceDefinition {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: {
    group: string;
    names: { kind: string; plural: string; shortNames?: string[]; categories?: string[] };
    versions: { name: string; schema: { openAPIV3Schema: Schema } }[];
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** Parses the hand-written YAML; anchors and merge keys are resolved. */
export function readDefinition(text: string): CustomResourceDefinition {
  return parse(text, { merge: true, maxAliasCount: 1000 });
}

/** The schema of the only version. */
export function schemaOf(definition: CustomResourceDefinition): Schema {
  const [version] = definition.spec.versions;
  if (version === undefined) throw new Error(`${definition.metadata.name} has no version`);
  return version.schema.openAPIV3Schema;
}

/** A property that must exist. */
export function property(schema: Schema, name: string): Schema {
  const found = schema.properties?.[name];
  if (found === undefined) throw new Error(`the schema has no property ${name}`);
  return found;
}
