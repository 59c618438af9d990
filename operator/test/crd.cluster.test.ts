import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { taskAssistantResource } from "../src/api/v1alpha1/index.ts";
import { canonicalQuantity, children } from "../src/desired/index.ts";
import { ApiError, builtin } from "../src/kube/index.ts";
import { desiredInput } from "./fixture.ts";
import {
  type AnyObject,
  assistantObject,
  createAssistant,
  patchAssistant,
  root,
  startWorld,
  type World,
} from "./support.ts";

const NAMESPACE = "crd";
const DEMO = { provider: "Demo" };
const OPENAI = { provider: "OpenAICompatible", name: "m" };

let world: World;
const said = new Set<string>();

beforeAll(async () => {
  world = await startWorld("operator-crd");
  await world.namespace(NAMESPACE);
});
afterAll(() => world?.stop());

/** Messages of a refusal. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422) throw error;
    for (const { message } of error.causes) said.add(message ?? "");
    return error.message;
  }
  return "accepted";
}

function env(...list: object[]): object {
  return { model: DEMO, api: { env: list } };
}

describe("a spec", () => {
  it.each<[string, object, string]>([
    ["no model", {}, "spec.model"],
    ["no name for a real model", { model: { provider: "OpenAICompatible" } }, "needs model.name"],
    [
      "a key for the demo model",
      { model: { ...DEMO, apiKeySecretRef: { name: "a", key: "b" } } },
      "the Demo model has no name",
    ],
    [
      "a base URL with a query",
      { model: { ...OPENAI, baseURL: "https://a.example/v1?x=1" } },
      "without user, query or fragment",
    ],
    [
      "a base URL with a user",
      { model: { ...OPENAI, baseURL: "https://me@a.example/v1" } },
      "without user, query or fragment",
    ],
    ["plain http to the internet", { model: { ...OPENAI, baseURL: "http://llm.example.com/v1" } }, "use https"],
    [
      "plain http to a name that only looks internal",
      { model: { ...OPENAI, baseURL: "http://x.svc.evil.com/v1" } },
      "use https",
    ],
    ["a timeout of an hour and more", { model: { ...DEMO, timeout: "61m" } }, "between 1s and 1h"],
    ["a timeout without a unit", { model: { ...DEMO, timeout: "90" } }, "spec.model.timeout"],
    ["a short turn", { model: DEMO, agent: { turnTimeout: "9s" } }, "between 10s and 1h"],
    ["a token that lives too long", { model: DEMO, auth: { jwt: { expiresIn: "2h" } } }, "between 1m and 1h"],
    ["a registry with a scheme", { model: DEMO, images: { registry: "https://r.example" } }, "without https://"],
    ["an image with a space", { model: DEMO, api: { image: "a b" } }, "an image is"],
    ["a CORS origin with a path", { model: DEMO, api: { corsOrigins: ["https://a.example/x"] } }, "an origin is"],
    ["a wildcard origin", { model: DEMO, auth: { trustedOrigins: ["https://*.example"] } }, "an origin is"],
    ["a public URL with a slash", { model: DEMO, exposure: { url: "https://a.example/" } }, "an origin is"],
    [
      "a public URL as browsers never send it",
      { model: DEMO, exposure: { url: "https://a.example:443" } },
      "leave it out here too",
    ],
    [
      "a public URL with a port that does not exist",
      { model: DEMO, exposure: { url: "https://a.example:65536" } },
      "an origin is",
    ],
    ["a public URL in capitals", { model: DEMO, exposure: { url: "https://A.example" } }, "an origin is"],
    ["an Ingress without a host", { model: DEMO, exposure: { type: "Ingress" } }, "needs exposure.host"],
    ["a host without an Ingress", { model: DEMO, exposure: { host: "a.example" } }, "only used with type Ingress"],
    ["a proxy that is no address", { model: DEMO, exposure: { trustedProxies: ["proxy.example"] } }, "neither an IP"],
    ["a proxy with too long a prefix", { model: DEMO, exposure: { trustedProxies: ["10.0.0.0/33"] } }, "neither an IP"],
    ["trust in everybody", { model: DEMO, exposure: { trustedProxies: ["0.0.0.0/0"] } }, "lets everybody forge theirs"],
    ["trust in everybody by IPv6", { model: DEMO, exposure: { trustedProxies: ["::/0"] } }, "lets everybody forge"],
    ["a variable with no value", env({ name: "A" }), "either value or valueFrom"],
    [
      "a variable with two values",
      env({ name: "A", value: "1", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }),
      "either value or valueFrom",
    ],
    ["a variable from nowhere", env({ name: "A", valueFrom: {} }), "exactly one of secretKeyRef"],
    ["a variable twice", env({ name: "A", value: "1" }, { name: "A", value: "2" }), "Duplicate value"],
    [
      "External without its block",
      { model: DEMO, database: { mode: "External" } },
      "needs database.external.secretRef.name",
    ],
    [
      "an external block in Managed",
      { model: DEMO, database: { external: { secretRef: { name: "a" } } } },
      "only used with mode External",
    ],
    [
      "a managed block in External",
      { model: DEMO, database: { mode: "External", external: { secretRef: { name: "a" } }, managed: {} } },
      "only used with mode Managed",
    ],
    [
      "a CA that nobody looks at",
      {
        model: DEMO,
        database: {
          mode: "External",
          external: { secretRef: { name: "a" }, sslMode: "require", caBundleRef: { name: "a", key: "b" } },
        },
      },
      "a CA bundle is only used",
    ],
    [
      "a database address that is none",
      { model: DEMO, database: { mode: "External", external: { secretRef: { name: "a" }, cidrs: ["10.0.0.1"] } } },
      "not a CIDR",
    ],
    [
      "a tiny volume",
      { model: DEMO, database: { managed: { storage: { size: "1Mi" } } } },
      "does not start on less than 64Mi",
    ],
    ["an unknown field", { model: DEMO, modell: {} }, "unknown field"],
  ])("with %s is refused, and told why", async (_what, spec, message) => {
    const { code, stderr } = await world.cluster.kubectl.run(["create", "-f", "-", "-n", NAMESPACE], {
      input: JSON.stringify(assistantObject(NAMESPACE, "no", spec)),
    });
    for (const line of stderr.split("\n")) said.add(line);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  it.each([
    ["a long one", "a".repeat(41)],
    ["a dotted one", "a.b"],
    ["a leading digit", "1a"],
  ])("needs a name that Services can have: %s is refused", async (_what, name) => {
    expect(await refusal(createAssistant(world, NAMESPACE, name))).toContain(
      "metadata.name becomes part of Service names",
    );
  });

  it("may not set a variable that the operator sets: none of them, in no tier", async () => {
    const desired = children(
      desiredInput({
        model: DEMO,
        agent: { systemPrompt: "x" },
        api: { corsOrigins: ["https://a.b"] },
        auth: { trustedOrigins: ["https://a.b"], initialUser: { secretRef: { name: "u" } } },
        exposure: { trustedProxies: ["10.0.0.0/8"] },
      }),
    );
    const openai = children(
      desiredInput({ model: { ...OPENAI, baseURL: "https://a.b", apiKeySecretRef: { name: "a", key: "b" } } }),
    );
    const external = children(
      desiredInput(
        {
          model: DEMO,
          database: { mode: "External", external: { secretRef: { name: "a" }, caBundleRef: { name: "a", key: "b" } } },
        },
        { externalEndpoint: { host: "h", port: 1, database: "d" } },
      ),
    );
    const names = [desired, openai, external].flatMap(({ tiers }) =>
      Object.values(tiers).flatMap((tier) => tier!.spec!.template.spec!.containers[0]!.env!.map(({ name }) => name)),
    );
    // What the libraries and the runtime would take from the environment, past what the operator set.
    const others = [
      "BETTER_AUTH_TRUSTED_ORIGINS",
      "AUTH_SECRET",
      "OPENAI_ORG_ID",
      "PGHOST",
      "PGSSLMODE",
      "NODE_OPTIONS",
    ];
    names.push(...others, "NODE_TLS_REJECT_UNAUTHORIZED", "NODE_EXTRA_CA_CERTS");
    const reserved = [...new Set(names)].flatMap((name) => [name, `${name}_FILE`]);
    expect(reserved.length).toBeGreaterThan(50);
    for (const tier of ["frontend", "api", "mcp"]) {
      for (let start = 0; start < reserved.length; start += 50) {
        const part = reserved.slice(start, start + 50);
        const refused = await refusal(
          createAssistant(world, NAMESPACE, "no", {
            model: DEMO,
            [tier]: { env: part.map((name) => ({ name, value: "1" })) },
          }),
        );
        expect(
          part.filter(
            (name) =>
              !refused.includes(`keeps ${name} to itself`) &&
              ![...said].some((line) => line.includes(`keeps ${name} to itself`)),
          ),
        ).toEqual([]);
      }
    }
  });

  it("takes everything it offers", async () => {
    await createAssistant(world, NAMESPACE, "full", {
      version: "0.1.0",
      model: {
        ...OPENAI,
        baseURL: "http://llm.models.svc:8080/v1",
        apiKeySecretRef: { name: "a", key: "b.c" },
        timeout: "1m30s",
      },
      api: {
        env: [
          { name: "LOG_LEVEL", value: "debug" },
          { name: "DATABASE_POOL_SIZE", value: "5" },
        ],
        resources: { limits: { cpu: 1, memory: "1.5Gi" } },
      },
      database: { managed: { storage: { size: "1.5Gi", storageClassName: "fast" } } },
      exposure: {
        type: "Ingress",
        host: "a.example",
        tls: { secretName: "t" },
        url: "https://b.example",
        trustedProxies: ["10.0.0.7", "10.244.0.0/16", "fd00::1", "fd00::/8"],
      },
    });
    await createAssistant(world, NAMESPACE, "plain", {
      model: { ...OPENAI, baseURL: "http://10.0.0.1:8080/v1", allowPlaintext: true },
    });
    await createAssistant(world, NAMESPACE, "ipv6", { model: { ...OPENAI, baseURL: "https://[fd00::1]:8443/v1" } });
  });
});

describe("an existing resource", () => {
  it.each<[string, object, object, string]>([
    [
      "its database mode",
      {},
      { database: { mode: "External", external: { secretRef: { name: "a" } } } },
      "database.mode cannot be changed",
    ],
    [
      "its volume to a smaller one",
      { database: { managed: { storage: { size: "10Gi" } } } },
      { database: { managed: { storage: { size: "9999Mi" } } } },
      "a volume cannot shrink",
    ],
    [
      "its volume to a smaller one than the default",
      {},
      { database: { managed: { storage: { size: "4Gi" } } } },
      "a volume cannot shrink",
    ],
    [
      "its large volume back to the default",
      { database: { managed: { storage: { size: "10Gi" } } } },
      { database: { managed: null } },
      "a volume cannot shrink",
    ],
    [
      "its storage class",
      { database: { managed: { storage: { storageClassName: "a" } } } },
      { database: { managed: { storage: { storageClassName: "b" } } } },
      "storage class of a volume cannot be changed",
    ],
    [
      "its default storage class",
      {},
      { database: { managed: { storage: { storageClassName: "b" } } } },
      "storage class of a volume cannot be changed",
    ],
  ])("can't change %s", async (what, before, change, message) => {
    const name = `change-${what.length}`;
    await createAssistant(world, NAMESPACE, name, { model: DEMO, ...before });
    expect(await refusal(patchAssistant(world, NAMESPACE, name, { spec: change }))).toContain(message);
    await world.client.delete(taskAssistantResource, { namespace: NAMESPACE, name }, { signal: world.signal });
  });

  it("can grow its volume and change all else", async () => {
    await createAssistant(world, NAMESPACE, "grow");
    const grown = await patchAssistant(world, NAMESPACE, "grow", {
      spec: { suspend: true, database: { managed: { storage: { size: "6Gi" } } } },
    });
    expect(grown.spec.database.managed.storage.size).toBe("6Gi");
  });
});

it("every rule of the definition was broken above", () => {
  const definition = parse(readFileSync(join(root, "crds/taskassistants.yaml"), "utf8"), {
    merge: true,
    maxAliasCount: 1000,
  });
  const messages = new Set<string>();
  const collect = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "x-kubernetes-validations")
        for (const rule of value) if (rule.messageExpression === undefined) messages.add(rule.message);
      collect(value);
    }
  };
  collect(definition);
  expect(messages.size).toBeGreaterThan(20);
  expect([...messages].filter((message) => ![...said].some((line) => line.includes(message)))).toEqual([]);
});

it("quantities come back from the API server as we write them, and mean what the user wrote", async () => {
  const quantities = [
    "0.5",
    "1000m",
    "1.5",
    "1024Mi",
    "1.5Gi",
    "0.5Ki",
    "1000",
    "1500M",
    "1e3",
    "12E0",
    "1e-2",
    "0.1Mi",
    "128974848",
    "1k",
    "+3",
    "100u",
    "0.3n",
    "7Ti",
    "1048576",
    "1025Ki",
    ".5",
    "5.",
  ];
  /** What the API server makes of them, as memory requests of as many containers. */
  const stored = async (name: string, values: readonly string[]): Promise<string[]> => {
    const containers = values.map((memory, index) => ({
      name: `c${index}`,
      image: "none",
      resources: { requests: { memory } },
    }));
    await world.client.create<AnyObject>(
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { namespace: NAMESPACE, name },
        spec: {
          replicas: 0,
          selector: { matchLabels: { name } },
          template: { metadata: { labels: { name } }, spec: { containers } },
        },
      },
      { signal: world.signal },
    );
    const found = await world.get(builtin.Deployment, NAMESPACE, name);
    return found?.spec.template.spec.containers.map(
      (each: { resources: { requests: { memory: string } } }) => each.resources.requests.memory,
    );
  };
  const canonical = quantities.map((quantity) => canonicalQuantity(quantity));
  expect(await stored("canonical", canonical)).toEqual(canonical);
  const raw = await stored("raw", quantities);
  expect(raw.map((quantity) => canonicalQuantity(quantity))).toEqual(canonical);
});

describe("the file", () => {
  it("is small enough for a plain kubectl apply, and its examples are valid", async () => {
    expect(
      JSON.stringify(
        parse(readFileSync(join(root, "crds/taskassistants.yaml"), "utf8"), { merge: true, maxAliasCount: 1000 }),
      ).length,
    ).toBeLessThan(150_000);
    for (const file of readdirSync(join(root, "examples"))) {
      const output = await world.cluster.kubectl(
        "apply",
        "-n",
        NAMESPACE,
        "--dry-run=server",
        "-f",
        join(root, "examples", file),
      );
      expect(output).toContain("created (server dry run)");
    }
  });

  it("bounds every string, list and map, or the server's cost estimate would refuse later rules", () => {
    const definition = parse(readFileSync(join(root, "crds/taskassistants.yaml"), "utf8"), {
      merge: true,
      maxAliasCount: 1000,
    });
    const unbounded: string[] = [];
    const visit = (schema: Record<string, unknown>, path: string): void => {
      if (
        schema.type === "string" &&
        schema.enum === undefined &&
        schema.maxLength === undefined &&
        schema.format === undefined
      )
        unbounded.push(path);
      if (schema.type === "array" && schema.maxItems === undefined) unbounded.push(path);
      if (schema.additionalProperties !== undefined && schema.maxProperties === undefined) unbounded.push(path);
      if (path !== "" && !path.endsWith("metadata") && schema.description === undefined)
        unbounded.push(`${path} has no description`);
      for (const [name, field] of Object.entries((schema.properties ?? {}) as Record<string, Record<string, unknown>>))
        visit(field, `${path}.${name}`);
      for (const key of ["items", "additionalProperties"]) {
        const field = schema[key] as Record<string, unknown> | undefined;
        if (field !== undefined) visit({ description: "", ...field }, `${path}.${key}`);
      }
    };
    visit(definition.spec.versions[0].schema.openAPIV3Schema, "");
    expect(unbounded).toEqual([]);
  });

  it("answers kubectl explain and shows the columns people look for", async () => {
    expect(await world.cluster.kubectl("explain", "ta.spec.database.managed.storage.size")).toMatch(/never\s+shrink/);
    const wide = await world.cluster.kubectl("get", "ta", "-n", NAMESPACE, "-o", "wide");
    expect(wide.split("\n")[0]?.trim().split(/\s+/)).toEqual([
      "NAME",
      "READY",
      "STATUS",
      "URL",
      "VERSION",
      "AGE",
      "MODEL",
      "DATABASE",
      "API",
      "MESSAGE",
    ]);
    expect(await world.cluster.kubectl("get", "assistants", "-n", NAMESPACE, "-o", "name")).toContain(
      "taskassistant.taskassistant.dev/grow",
    );
  });
});
