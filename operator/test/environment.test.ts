import { parseEnv } from "@taskassistant/kit/process";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { envSchema as apiEnv } from "../../services/api/src/env.ts";
import { envSchema as frontendEnv } from "../../services/frontend/server/env.ts";
import { envSchema as mcpEnv } from "../../services/mcp/src/env.ts";
import { maintenanceEnvSchema, envSchema as migrateEnv } from "../../services/migrate/src/env.ts";
import { envSchema as modelDemoEnv } from "../../services/model-demo/src/env.ts";
import { TIERS, type Tier } from "../src/api/taskassistants/v1alpha1/index.ts";
import { children, type DesiredInput } from "../src/assistants/desired/index.ts";
import { userEnv } from "../src/assistants/desired/pod/user-env.ts";
import { podTemplateOf, type Workload } from "../src/kinds/index.ts";
import { desiredInput, specSchema } from "./fixtures/assistant-fixture.ts";
import { everyFieldInput } from "./fixtures/every-field-fixture.ts";

const SECRETS: Record<string, string> = {
  "instance-id": "0123abcd",
  email: "first@example.com",
  name: "First",
  uri: "postgresql://admin:p@pg.example.com/tasks",
};

/** The environment as the kubelet builds it: it reads Secrets, expands `$(NAME)` from earlier variables and turns `$$` into `$`. */
function asKubelet(workload: Workload): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, value = "", valueFrom } of podTemplateOf(workload)!.spec!.containers[0]!.env ?? []) {
    const key = valueFrom?.secretKeyRef?.key;
    env[name] =
      key === undefined
        ? value.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g, (whole, variable) =>
            whole === "$$" ? "$" : (env[variable] ?? whole),
          )
        : (SECRETS[key] ?? "a-secret-of-more-than-32-characters-1");
  }
  return env;
}

const cases = {
  "with the demo model": desiredInput(),
  "with every field and a managed database": everyFieldInput("Managed"),
  "with every field and an external database": everyFieldInput("External"),
};

/** Names of the variables of a tier that the operator sets: all but those of the resource's own `env` and `envFrom`. */
function setByOperator(workload: Workload, tier: Tier | undefined, input: DesiredInput): string[] {
  const users = new Set(tier && userEnv(input, tier).map(({ name }) => name));
  return Object.keys(asKubelet(workload)).filter((name) => !users.has(name));
}

/** The names that the rules of `env` refuse, as regular expressions. CEL writes the flag for any case inside the pattern. */
const RESERVED = specSchema.properties!.api!.properties!.env!.items!["x-kubernetes-validations"]!.flatMap(
  ({ rule }) => {
    const [, anyCase, pattern] = /^!self\.name\.matches\('(\(\?i\))?(.+)'\)$/.exec(rule.trim()) ?? [];
    return pattern === undefined ? [] : [new RegExp(pattern, anyCase === undefined ? "" : "i")];
  },
);

/** Whether the definition refuses a variable of this name in the `env` of a tier. */
function isReserved(name: string): boolean {
  return RESERVED.some((pattern) => pattern.test(name));
}

describe.each(Object.entries(cases))("the environment of an assistant %s", (_name, input) => {
  const desired = children(input);
  const all: [string, Workload | undefined, z.ZodObject][] = [
    ["frontend", desired.servers.frontend, frontendEnv],
    ["api", desired.servers.api, apiEnv],
    ["mcp", desired.servers.mcp, mcpEnv],
    ["model", desired.servers.model, modelDemoEnv],
    ["migrate", desired.migration, migrateEnv],
    ["maintenance", desired.maintenance, maintenanceEnvSchema],
  ];
  const workloads = all.flatMap(([name, workload, schema]) =>
    workload === undefined ? [] : [{ name, workload, schema, tier: TIERS.find((tier) => tier === name) }],
  );

  it.each(workloads)("lets $name start", ({ workload, schema }) => {
    expect(() => parseEnv(schema, asKubelet(workload))).not.toThrow();
  });

  // Variables that others are composed of, and those of the runtime. A service must know every other one.
  const helpers = new Set([
    ...["INSTANCE_ID", "DATABASE_PASSWORD", "DATABASE_ADMIN_PASSWORD", "HOSTNAME", "NODE_OPTIONS"],
    ...Array.from({ length: 8 }, (_, index) => `MODEL_HEADER_${index}`),
  ]);
  it.each(workloads)("has no variable that $name does not read", ({ workload, schema, tier }) => {
    const names = setByOperator(workload, tier, input);
    expect(names.filter((name) => !(name in schema.shape) && !helpers.has(name))).toEqual([]);
  });

  it.each(workloads.filter(({ tier }) => tier !== undefined))(
    "has no variable of $name that the resource's own env could override",
    ({ workload, tier }) => {
      const names = setByOperator(workload, tier, input).flatMap((name) => [name, `${name}_FILE`]);
      expect(names.filter((name) => !isReserved(name))).toEqual([]);
    },
  );
});

it("the environment has the roles in its URLs and the user's text unchanged", () => {
  const input = cases["with every field and an external database"];
  const { servers, migration, maintenance } = children(input);
  expect(asKubelet(servers.frontend!).DATABASE_URL).toBe(
    "postgresql://ta_0123abcd_auth:a-secret-of-more-than-32-characters-1@pg.example.com:6432/my%20%24db",
  );
  expect(asKubelet(servers.api!).DATABASE_URL).toContain("//ta_0123abcd_app:");
  expect(asKubelet(servers.api!).AGENT_SYSTEM_PROMPT).toBe(input.spec.agent.systemPrompt);
  expect(frontendEnv.parse(asKubelet(servers.frontend!)).TRUSTED_PROXIES).toEqual(input.spec.exposure.trustedProxies);
  expect(asKubelet(maintenance!).DATABASE_URL).toContain("//ta_0123abcd_maintenance:");
  expect(asKubelet(migration!).DATABASE_ADMIN_URL).toBe(SECRETS.uri);
  expect(asKubelet(children(cases["with the demo model"]).migration!).DATABASE_ADMIN_URL).toMatch(
    /^postgresql:\/\/postgres:.+@demo-db:5432\/taskassistant$/,
  );
});
