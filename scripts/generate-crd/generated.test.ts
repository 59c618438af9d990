import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REASONS } from "../../operator/src/api/v1alpha1/reasons.ts";
import { generatedFiles } from "../generate-crd.ts";
import { readDefinition } from "./definition.ts";
import { typescriptTypes } from "./types.ts";

const root = join(import.meta.dirname, "../..");

describe("what is generated from the API definition", () => {
  it.each(Object.entries(generatedFiles()))("%s is current", (path, content) => {
    expect(readFileSync(join(root, path), "utf8")).toBe(content);
  });

  it("has types in which a field with a default is always there", () => {
    const definition = readDefinition(`
metadata: {name: x}
spec:
  names: {kind: Thing}
  versions:
    - name: v1
      schema:
        openAPIV3Schema:
          properties:
            spec:
              required: [a]
              properties:
                a: {type: string, description: The first.}
                b: {type: integer}
                c: {type: string, enum: [X, Y], default: X}
                d: {type: array, items: {type: string, enum: [P, Q]}}
                e: {type: object, additionalProperties: {x-kubernetes-int-or-string: true}}
            status: {properties: {}}
`);
    expect(typescriptTypes(definition)).toContain(
      [
        "export interface ThingSpec {",
        "  /** The first. */",
        "  readonly a: string;",
        "  readonly b?: number;",
        '  readonly c: "X" | "Y";',
        '  readonly d?: readonly ("P" | "Q")[];',
        "  readonly e?: { readonly [key: string]: number | string };",
        "}",
      ].join("\n"),
    );
  });
});

describe("the catalogue of reasons", () => {
  it("has a way out of everything that needs a person", () => {
    const entries: [string, { needsUser?: true; fix?: string; status: string }][] = Object.entries(REASONS).flatMap(
      ([type, { reasons }]) =>
        Object.entries(reasons).map(
          ([reason, entry]) =>
            [`${type}/${reason}`, entry] as [string, { needsUser?: true; fix?: string; status: string }],
        ),
    );
    expect(entries.filter(([, { needsUser, fix }]) => needsUser && fix === undefined)).toEqual([]);
    expect(entries.filter(([, { needsUser }]) => needsUser).length).toBeGreaterThan(8);
  });
});
