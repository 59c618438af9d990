import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { assistant } from "../../../../test/fixtures/assistant-fixture.ts";
import type { LiveObject } from "../../../kube/index.ts";
import { databaseMode, type ServerView, type Verdict } from "./mode.ts";

const SOURCES = join(import.meta.dirname, "../../..");
const HERE = "assistants/desired/database/";

/** What looks at the mode or at its settings, in any of the ways it could be written. */
const BRANCHES = [
  /\bspec\s*\??\.\s*database\b/,
  /\{[^{}]*\bdatabase\b[^{}]*\}[^=\n]*=[^=>][^;\n]*\bspec\b/,
  /\bdatabase\s*\??\.\s*(mode|managed|external)\b/,
  /"(Managed|External)"/,
];

function lookAtMode(source: string): boolean {
  return BRANCHES.some((pattern) => pattern.test(source));
}

/** The code of a source without its comments and texts for people. */
function codeOf(path: string): string {
  return readFileSync(join(SOURCES, path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
}

describe("the database mode", () => {
  it("is looked at by the modes alone", () => {
    const sources = globSync("**/*.ts", { cwd: SOURCES }).filter(
      (path) => !/\.(test|gen)\.ts$|\/reasons(\/|\.ts$)/.test(path),
    );
    expect(sources.length).toBeGreaterThan(80);
    const offenders = sources.filter((path) => !path.startsWith(HERE) && lookAtMode(codeOf(path)));
    expect(offenders).toEqual([]);
  });

  it.each([
    'if (observed.assistant.spec.database.mode === "Managed") return;',
    "const { database } = input.spec;",
    "const { model, database } = assistant.spec;",
    "return database.external?.secretRef.name;",
    'case "External":',
  ])("would be found in %s", (source) => {
    expect(lookAtMode(source)).toBe(true);
  });

  it("is selected in one place", () => {
    const selections = globSync("**/*.ts", { cwd: join(SOURCES, HERE) })
      .filter((path) => !path.endsWith(".test.ts"))
      .filter((path) => /\bdatabase\.mode\b/.test(codeOf(HERE + path)));
    expect(selections).toEqual(["mode.ts"]);
  });
});

const MANAGED = { model: { provider: "Demo" } };
const EXTERNAL = {
  model: { provider: "Demo" },
  database: { mode: "External", external: { secretRef: { name: "pg" } } },
};
const WAITING = { status: "False", reason: "Waiting", message: "The migration waits for the database." };
const ready = { status: { readyReplicas: 1 } } as unknown as LiveObject;
const pending = { metadata: { name: "demo-db-data" }, status: { phase: "Pending" } } as unknown as LiveObject;
const unschedulable = (message: string): Verdict => ({ reason: "Unschedulable", message });

function reason(spec: object, more: Partial<ServerView>): string {
  const resource = assistant(spec);
  return databaseMode(resource.spec).verdict({
    assistant: resource,
    volume: undefined,
    external: undefined,
    server: undefined,
    waitsFor: undefined,
    trouble: undefined,
    migration: WAITING,
    ...more,
  }).reason;
}

describe("a managed database", () => {
  it.each<[string, Partial<ServerView>, string]>([
    ["has no server yet", {}, "Waiting"],
    ["has a server without a ready pod", { server: {} as LiveObject }, "DatabaseStarting"],
    ["has a ready pod", { server: ready }, "Available"],
    [
      "has a pod that no node takes",
      { server: {} as LiveObject, trouble: unschedulable("too little memory") },
      "Unschedulable",
    ],
    [
      "has a pod that waits for its volume",
      { server: {} as LiveObject, trouble: unschedulable("unbound PersistentVolumeClaim"), volume: pending },
      "VolumePending",
    ],
  ])("that %s is judged so: %o -> %s", (_what, view, expected) => {
    expect(reason(MANAGED, view)).toBe(expected);
  });

  it("is suspended with the assistant", () => {
    expect(reason({ ...MANAGED, suspend: true }, { server: ready })).toBe("Suspended");
  });
});

describe("an external database", () => {
  it.each([
    ["was reached", { status: "True", reason: "Applied", message: "" }, "Available"],
    ["was not reached", { status: "False", reason: "DatabaseUnreachable", message: "" }, "Unreachable"],
    ["refused the user", { status: "False", reason: "AuthenticationFailed", message: "" }, "Unreachable"],
    ["was not asked yet", WAITING, "Unknown"],
  ])("that the migration says %s is judged by it", (_what, migration, expected) => {
    expect(reason(EXTERNAL, { migration })).toBe(expected);
  });

  it.each([
    ["require", "verify-full", true],
    ["disable", "verify-full", true],
    ["verify-full", "verify-full", false],
    ["verify-full", "require", false],
    [undefined, "verify-full", false],
  ] as const)(
    "that fails with sslmode=%s in the URI and %s in the field names the fields: %s",
    (inUri, sslMode, named) => {
      const resource = assistant({
        ...EXTERNAL,
        database: { mode: "External", external: { secretRef: { name: "pg" }, sslMode } },
      });
      const { message } = databaseMode(resource.spec).verdict({
        assistant: resource,
        volume: undefined,
        external: {
          endpoint: { host: "h", port: 1, database: "d", ...(inUri === undefined ? {} : { sslMode: inUri }) },
        },
        server: undefined,
        waitsFor: undefined,
        trouble: undefined,
        migration: { status: "False", reason: "DatabaseUnreachable", message: "self-signed certificate" },
      });
      expect(message).toContain("self-signed certificate");
      expect(message.includes(`set database.external.sslMode to ${inUri}.`)).toBe(named);
    },
  );

  it("keeps the address it had while the Secret is missing", () => {
    const resource = { ...assistant(EXTERNAL), status: { database: { host: "pg.example.com:5432" } } };
    const status = databaseMode(resource.spec).status({ assistant: resource, volume: undefined, external: undefined });
    expect(status).toEqual({ mode: "External", host: "pg.example.com:5432" });
  });
});
