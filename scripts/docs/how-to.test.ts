import { describe, expect, it } from "vitest";
import { children } from "../../operator/src/assistants/desired/children.ts";
import { selectorLabels } from "../../operator/src/assistants/desired/labels.ts";
import type { PodTemplate } from "../../operator/src/kube/objects.ts";
import { desiredInput } from "../../operator/test/fixtures/assistant-fixture.ts";
import { releasedReference } from "../images/catalogue.ts";
import { read, trackedFiles, yamlOf } from "./texts.ts";
import schemas from "./tool-schemas.json" with { type: "json" };

/** A part of a tool's own schema, cut down to the fields that the pages use. `open`: anything may be below. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly open?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

const KINDS: Readonly<Record<string, Schema>> = schemas.kinds;

/** Kinds that the API server, the chart or the tests below check. */
const CHECKED_ELSEWHERE = new Set(["v1 ConfigMap", "batch/v1 Job", "taskassistant.dev/v1alpha1 TaskAssistant"]);

const objects = trackedFiles("docs/how-to/*.md").flatMap((path) =>
  yamlOf(read(path))
    .filter(({ kind }) => kind !== undefined)
    .map((object) => ({ path, kind: `${object.apiVersion} ${object.kind}`, object })),
);

/** Where a value breaks its schema. */
function problems(schema: Schema, value: unknown, path: string): string[] {
  if (schema.open === true) return [];
  if (schema.type === "object") {
    if (typeof value !== "object" || value === null) return [`${path} is no object`];
    const given = value as Readonly<Record<string, unknown>>;
    return [
      ...(schema.required ?? [])
        .filter((name) => given[name] === undefined)
        .map((name) => `${path}.${name} is missing`),
      ...Object.entries(given).flatMap(([name, field]) => {
        const inner = schema.properties?.[name];
        return inner === undefined ? [`${path}.${name} is unknown`] : problems(inner, field, `${path}.${name}`);
      }),
    ];
  }
  if (schema.type === "array") {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item, index) => problems(schema.items ?? {}, item, `${path}[${index}]`));
  }
  if (schema.enum !== undefined && !schema.enum.includes(value))
    return [`${path} is none of ${schema.enum.join(", ")}`];
  return typeof value === schema.type ? [] : [`${path} is no ${schema.type}`];
}

describe("objects of other tools in the how-to pages", () => {
  it.each(objects.filter(({ kind }) => !CHECKED_ELSEWHERE.has(kind)))(
    "have the fields that the tool has: $kind in $path",
    ({ kind, object }) => {
      const { metadata, ...fields } = object;
      expect(metadata).toMatchObject({ name: expect.any(String) });
      expect(KINDS[kind], `no schema of ${kind}`).toBeDefined();
      expect(problems(KINDS[kind] ?? {}, fields, kind)).toEqual([]);
    },
  );

  it("are those of every schema, so that none is kept in vain", () => {
    const used = new Set(objects.map(({ kind }) => kind));
    expect(Object.keys(KINDS).filter((kind) => !used.has(kind))).toEqual([]);
  });

  it("would be refused with a wrong field", () => {
    const schema: Schema = { type: "object", required: ["a"], properties: { a: { type: "string" } } };
    expect(problems(schema, { a: 1 }, "x")).toEqual(["x.a is no string"]);
    expect(problems(schema, { b: 1 }, "x")).toEqual(["x.a is missing", "x.b is unknown"]);
  });
});

describe("the Job for people", () => {
  const job = objects.find(({ path, kind }) => path === "docs/how-to/people.md" && kind === "batch/v1 Job");
  const template = (job?.object.spec as { template: PodTemplate } | undefined)?.template ?? {};
  const { foundation, servers } = children(desiredInput({ model: { provider: "Demo" } }));
  const frontend = servers.frontend?.spec?.template.spec;

  it("has the labels that the database admits, and those of no Service", () => {
    expect(template.metadata?.labels).toEqual(selectorLabels("demo", "people"));
    const services = foundation.filter((child) => child.kind === "Service");
    expect(services.length).toBeGreaterThan(3);
    for (const { spec } of services) expect(template.metadata?.labels).not.toMatchObject(spec?.selector ?? {});
    const accounts = foundation.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata.name);
    expect(accounts).toContain(template.spec?.serviceAccountName);
  });

  it("reaches the database as the frontend does, with the frontend's image and the restrictions of every pod of ours", () => {
    const [container] = template.spec?.containers ?? [];
    const variables = ["INSTANCE_ID", "DATABASE_PASSWORD", "DATABASE_URL"];
    const env = (all: readonly { name: string }[] = []) => all.filter(({ name }) => variables.includes(name));
    expect(env(container?.env)).toEqual(env(frontend?.containers[0]?.env));
    expect(env(container?.env)).toHaveLength(variables.length);
    expect(container?.image).toBe(releasedReference("frontend"));
    expect(container?.securityContext).toEqual(frontend?.containers[0]?.securityContext);
    expect(template.spec?.securityContext).toEqual(frontend?.securityContext);
    expect(template.spec?.automountServiceAccountToken).toBe(false);
  });
});
