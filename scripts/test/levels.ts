/** One level of `make test` with its commands. */
export interface Level {
  name: "lint" | "unit" | "gateway" | "backup" | "cluster" | "e2e";
  /** Describes the level in the output. */
  what: string;
  needs?: Need;
  commands: Command[];
}

/** What a machine may lack: root on Linux for containers and namespaces; Python and a network for servers; a compiler for llama.cpp. */
export type Need = "node" | "gateway" | "llama" | "backup" | "schemathesis";

/** A check counts as one test. A vitest run counts as many tests as it reports. */
export type Command = { kind: "check"; title: string; argv: string[] } | { kind: "vitest"; config: string };

const check = (title: string, ...argv: string[]): Command => ({ kind: "check", title, argv });

export const LEVELS: Level[] = [
  {
    name: "lint",
    what: "format, lint rules, types, imports between folders, generated files",
    commands: [
      check("biome", "biome", "check", "--error-on-warnings", "."),
      check("types", "tsc", "-p", "tsconfig.json"),
      check("types of the frontend", "tsc", "-p", "services/frontend/tsconfig.json"),
      check("generated files are current", "node", "scripts/generate/main.ts", "--check"),
    ],
  },
  {
    name: "unit",
    what: "rules and services against a real PostgreSQL, no Kubernetes",
    commands: [{ kind: "vitest", config: "vitest.config.ts" }],
  },
  {
    name: "gateway",
    what: "the API and its model behind a real LiteLLM proxy",
    needs: "gateway",
    commands: [{ kind: "vitest", config: "test/vitest.gateway.config.ts" }],
  },
  {
    name: "backup",
    what: "backup and restore with PostgreSQL of each supported version and a real S3 storage",
    needs: "backup",
    commands: [{ kind: "vitest", config: "test/vitest.backup.config.ts" }],
  },
  {
    name: "cluster",
    what: "the operator and the chart against a real API server, and the embedded cluster itself",
    needs: "node",
    commands: [{ kind: "vitest", config: "test/vitest.cluster.config.ts" }],
  },
  {
    name: "e2e",
    what: "the product on a real node, in a real browser",
    needs: "node",
    commands: [{ kind: "vitest", config: "test/vitest.e2e.config.ts" }],
  },
];
