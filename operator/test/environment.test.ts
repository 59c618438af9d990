import { parseEnv } from "@taskassistant/kit/process";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { envSchema as apiEnv } from "../../services/api/src/env.ts";
import { envSchema as frontendEnv } from "../../services/frontend/server/env.ts";
import { envSchema as mcpEnv } from "../../services/mcp/src/env.ts";
import { envSchema as migrateEnv } from "../../services/migrate/src/env.ts";
import { envSchema as modelDemoEnv } from "../../services/model-demo/src/env.ts";
import { children } from "../src/assistants/desired/index.ts";
import type { Workload } from "../src/kinds/index.ts";
import { desiredInput } from "./assistant-fixture.ts";

const SECRETS: Record<string, string> = {
  "instance-id": "0123abcd",
  email: "first@example.com",
  name: "First",
  uri: "postgresql://admin:p@pg.example.com/tasks",
};

/** The environment as the kubelet builds it: it reads Secrets, expands `$(NAME)` from earlier variables and turns `$$` into `$`. */
function asKubelet(workload: Workload): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { name, value = "", valueFrom } of workload.spec!.template.spec!.containers[0]!.env ?? []) {
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

const full = {
  model: {
    provider: "OpenAICompatible",
    name: "m",
    baseURL: "https://llm.example.com/v1",
    apiKeySecretRef: { name: "llm", key: "k" },
  },
  agent: { systemPrompt: "Costs $(PORT) or $$5.", turnTimeout: "1h" },
  api: { corsOrigins: ["https://other.example.com", "http://localhost:5173"] },
  auth: {
    trustedOrigins: ["https://alias.example.com"],
    initialUser: { secretRef: { name: "u" } },
    jwt: { expiresIn: "1h" },
  },
  exposure: {
    type: "Ingress",
    host: "tasks.example.com",
    tls: { secretName: "t" },
    trustedProxies: ["10.244.0.0/16", "192.0.2.7", "fd00::/8"],
  },
};

const cases = {
  demo: desiredInput(),
  full: desiredInput(full),
  external: desiredInput(
    {
      ...full,
      database: { mode: "External", external: { secretRef: { name: "pg" }, caBundleRef: { name: "ca", key: "c" } } },
    },
    { externalEndpoint: { host: "pg.example.com", port: 6432, database: "my $db" } },
  ),
};

describe.each(Object.entries(cases))("the environment of an assistant (%s)", (_name, input) => {
  const desired = children(input);
  const workloads: [string, Workload | undefined, z.ZodObject][] = [
    ["frontend", desired.servers.frontend, frontendEnv],
    ["api", desired.servers.api, apiEnv],
    ["mcp", desired.servers.mcp, mcpEnv],
    ["model", desired.servers.model, modelDemoEnv],
    ["migrate", desired.migration, migrateEnv],
  ];

  it.each(workloads.filter(([, workload]) => workload !== undefined))("lets %s start", (_server, workload, schema) => {
    expect(() => parseEnv(schema, asKubelet(workload!))).not.toThrow();
  });

  // Variables that others are composed of, and those of the runtime. A service must know every other one.
  const helpers = new Set(["INSTANCE_ID", "DATABASE_PASSWORD", "DATABASE_ADMIN_PASSWORD", "HOSTNAME", "NODE_OPTIONS"]);
  it.each(workloads.filter(([, workload]) => workload !== undefined))(
    "has no variable that %s does not read",
    (_server, workload, schema) => {
      const unknown = Object.keys(asKubelet(workload!)).filter((name) => !(name in schema.shape) && !helpers.has(name));
      expect(unknown).toEqual([]);
    },
  );
});

it("the environment has the roles in its URLs and the user's text unchanged", () => {
  const { servers, migration } = children(cases.external);
  expect(asKubelet(servers.frontend!).DATABASE_URL).toBe(
    "postgresql://ta_0123abcd_auth:a-secret-of-more-than-32-characters-1@pg.example.com:6432/my%20%24db",
  );
  expect(asKubelet(servers.api!).DATABASE_URL).toContain("//ta_0123abcd_app:");
  expect(asKubelet(servers.api!).AGENT_SYSTEM_PROMPT).toBe("Costs $(PORT) or $$5.");
  expect(frontendEnv.parse(asKubelet(servers.frontend!)).TRUSTED_PROXIES).toEqual(full.exposure.trustedProxies);
  expect(asKubelet(migration!).DATABASE_ADMIN_URL).toBe(SECRETS.uri);
  expect(asKubelet(children(cases.demo).migration!).DATABASE_ADMIN_URL).toMatch(
    /^postgresql:\/\/postgres:.+@demo-db:5432\/taskassistant$/,
  );
});
