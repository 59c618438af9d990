import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { children } from "../src/assistants/desired/index.ts";
import { ApiError } from "../src/kube/index.ts";
import { definition, desiredInput } from "./assistant-fixture.ts";
import { assistantObject, createAssistant, patchAssistant, startWorld, type World } from "./cluster-harness.ts";
import { REFUSED_SPECS } from "./refused-specs.ts";

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

describe("a spec", () => {
  it.each(REFUSED_SPECS)("with %s is refused, and told why", async (_what, spec, message) => {
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
    const names = [desired, openai, external].flatMap(({ servers }) =>
      Object.values(servers).flatMap((tier) => tier!.spec!.template.spec!.containers[0]!.env!.map(({ name }) => name)),
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
              !refused.includes(`sets ${name} itself`) &&
              ![...said].some((line) => line.includes(`sets ${name} itself`)),
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
