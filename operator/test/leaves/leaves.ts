import type { LeafSchema } from "./values.ts";

/** Steps into a spec: names of fields and numbers of list elements. */
export type Path = readonly (string | number)[];

/** One value within a spec, with its schema. */
export interface Leaf {
  readonly path: Path;
  /** The field of the definition, such as `api.env[].value`. */
  readonly field: string;
  readonly schema: LeafSchema;
  readonly value: unknown;
  /** What goes with it when it is removed: itself, or the smallest thing around it that may be absent. */
  readonly removable: Path | undefined;
}

/** The fields of a definition that hold a value and no further fields. */
export function fieldsOf(schema: LeafSchema, field = ""): string[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, inner]) =>
      fieldsOf(inner, field === "" ? name : `${field}.${name}`),
    );
  }
  if (schema.items !== undefined) return fieldsOf(schema.items, `${field}[]`);
  if (schema.additionalProperties !== undefined) return fieldsOf(schema.additionalProperties, `${field}.*`);
  return [field];
}

/** Every value of a spec. */
export function leavesOf(schema: LeafSchema, value: unknown, path: Path = [], field = "", removable?: Path): Leaf[] {
  if (value === undefined) return [];
  if (schema.properties !== undefined) {
    const given = value as Readonly<Record<string, unknown>>;
    return Object.entries(schema.properties).flatMap(([name, inner]) => {
      const here = [...path, name];
      const own = schema.required?.includes(name) === true ? removable : here;
      return leavesOf(inner, given[name], here, field === "" ? name : `${field}.${name}`, own);
    });
  }
  if (schema.items !== undefined) {
    return (value as unknown[]).flatMap((each, index) =>
      leavesOf(schema.items!, each, [...path, index], `${field}[]`, [...path, index]),
    );
  }
  if (schema.additionalProperties !== undefined) {
    return Object.entries(value as object).flatMap(([key, each]) =>
      leavesOf(schema.additionalProperties!, each, [...path, key], `${field}.*`, [...path, key]),
    );
  }
  return [{ path, field, schema, value, removable }];
}

/** The value at a path; undefined when there is none. */
export function valueAt(spec: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[step] : undefined,
    spec,
  );
}

/** A copy of the spec with another value at the path; undefined removes it, from a list too. */
export function withValue<T extends object>(spec: T, path: Path, value: unknown): T {
  const copy = structuredClone(spec);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string, unknown> | unknown[] | undefined;
  const last = path.at(-1);
  if (parent === undefined || last === undefined) return copy;
  if (value === undefined && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (value === undefined) delete (parent as Record<string, unknown>)[last];
  else (parent as Record<string, unknown>)[last] = value;
  return copy;
}
