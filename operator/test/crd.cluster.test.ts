import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TIERS, taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { children } from "../src/assistants/desired/index.ts";
import { userEnv } from "../src/assistants/desired/pod/user-env.ts";
import { difference, withDesiredHash } from "../src/kinds/index.ts";
import { ApiError } from "../src/kube/index.ts";
import { definition, desiredInput } from "./fixtures/assistant-fixture.ts";
import { EVERY_FIELD, everyFieldInput } from "./fixtures/every-field-fixture.ts";
import { REFUSED_SPECS } from "./fixtures/refused-specs.ts";
import {
  assistantObject,
  type ClusterHarness,
  createAssistant,
  patchAssistant,
  startClusterHarness,
} from "./harness/cluster-harness.ts";

const NAMESPACE = "crd";
const DEMO = { provider: "Demo" };
const OPENAI = { provider: "OpenAICompatible", name: "m" };

let harness: ClusterHarness;
/** Every message of a refusal so far. */
const refusals = new Set<string>();

beforeAll(async () => {
  harness = await startClusterHarness("operator-crd");
  await harness.namespace(NAMESPACE);
});
afterAll(() => harness?.stop());

/** The message with which the API server refuses `work`; "accepted" if it does not. */
async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422) throw error;
    for (const { message } of error.causes) refusals.add(message ?? "");
    return error.message;
  }
  return "accepted";
}

/** Each server of the reference with its resource. */
function documentedServers(): [name: string, resource: string][] {
  const text = readFileSync(new URL("../../docs/reference/model-servers.md", import.meta.url), "utf8");
  const found = [...text.matchAll(/^## (.+)\n(?:(?!^## )[\s\S])*?^```yaml\n([\s\S]*?)^```/gm)];
  return found.map(([, name = "", resource = ""]) => [name, resource]);
}

describe("a spec", () => {
  it.each(REFUSED_SPECS)("with %s is refused, and the message says why", async (_what, spec, message) => {
    const { code, stderr } = await harness.cluster.kubectl.run(["create", "-f", "-", "-n", NAMESPACE], {
      input: JSON.stringify(assistantObject(NAMESPACE, "no", spec)),
    });
    for (const line of stderr.split("\n")) refusals.add(line);
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });

  it.each([
    ["a name that is too long", "a".repeat(41)],
    ["a name with a dot", "a.b"],
    ["a name with a leading digit", "1a"],
  ])("is refused under %s, because Services are named after it", async (_what, name) => {
    expect(await refusal(createAssistant(harness, NAMESPACE, name))).toContain(
      "metadata.name becomes part of Service names",
    );
  });

  it("may set no variable that the operator sets itself, in any tier", async () => {
    const inputs = [desiredInput(), everyFieldInput("Managed"), everyFieldInput("External")];
    const names = inputs.flatMap((input) => {
      const own = new Set(TIERS.flatMap((tier) => userEnv(input, tier).map(({ name }) => name)));
      return Object.values(children(input).servers)
        .flatMap((tier) => tier!.spec!.template.spec!.containers[0]!.env!.map(({ name }) => name))
        .filter((name) => !own.has(name));
    });
    // Variables that libraries and the runtime read themselves, and that would override the operator's settings.
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
          createAssistant(harness, NAMESPACE, "no", {
            model: DEMO,
            [tier]: { env: part.map((name) => ({ name, value: "1" })) },
          }),
        );
        expect(
          part.filter(
            (name) =>
              !refused.includes(`${name} can't be set here`) &&
              ![...refusals].some((line) => line.includes(`${name} can't be set here`)),
          ),
        ).toEqual([]);
      }
    }
  });

  it.each(Object.entries(EVERY_FIELD))("may use every field with a database of mode %s", async (mode, spec) => {
    await createAssistant(harness, NAMESPACE, `every-field-${mode.toLowerCase()}`, spec);
  });

  it.each(documentedServers())("for %s is accepted as the reference of model servers shows it", async (_name, text) => {
    const { code, stderr } = await harness.cluster.kubectl.run(
      ["create", "--dry-run=server", "-f", "-", "-n", NAMESPACE],
      {
        input: text,
      },
    );
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("may have unusual values", async () => {
    await createAssistant(harness, NAMESPACE, "full", {
      version: "0.1.0",
      model: {
        ...OPENAI,
        baseURL: "http://llm.models.svc:8080/v1?api-version=2024-10-21",
        apiKeySecretRef: { name: "a", key: "b.c" },
        timeout: "1m30s",
        idleTimeout: "10m",
        reasoningEffort: "none",
        maxOutputTokens: 4096,
        temperature: "0.25",
        extraBody: '{"provider":{"order":["a"],"model":1},"top_p":0.9}',
        headers: [{ name: "api-key", valueFrom: { secretKeyRef: { name: "a", key: "k" } } }],
        caBundleRef: { name: "a", key: "ca.crt" },
        proxy: { url: "http://proxy.example.com:3128", noProxy: ".svc,10.0.0.1:443, *.example.com" },
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
    await createAssistant(harness, NAMESPACE, "plain", {
      model: { ...OPENAI, baseURL: "http://10.0.0.1:8080/v1", allowPlaintext: true },
    });
    await createAssistant(harness, NAMESPACE, "ipv6", { model: { ...OPENAI, baseURL: "https://[fd00::1]:8443/v1" } });
  });
});

it("pods to which every field applies are stored as they were sent", async () => {
  const { servers, database } = children(everyFieldInput("Managed"));
  for (const child of [servers.model!, database!]) {
    const { ownerReferences: _, ...metadata } = child.metadata;
    const sent = withDesiredHash({ ...child, metadata: { ...metadata, namespace: NAMESPACE } });
    const stored = await harness.client.apply(sent, { signal: harness.signal });
    expect(difference(sent, stored.object), child.kind).toBeUndefined();
  }
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
    await createAssistant(harness, NAMESPACE, name, { model: DEMO, ...before });
    expect(await refusal(patchAssistant(harness, NAMESPACE, name, { spec: change }))).toContain(message);
    await harness.client.delete(taskAssistantResource, { namespace: NAMESPACE, name }, { signal: harness.signal });
  });

  it("can grow its volume, get the old size back, and change its other fields", async () => {
    await createAssistant(harness, NAMESPACE, "grow");
    const grown = await patchAssistant(harness, NAMESPACE, "grow", {
      spec: { suspend: true, database: { managed: { storage: { size: "6Gi" } } } },
    });
    expect(grown.spec.database.managed.storage.size).toBe("6Gi");
    // The class may have refused the growth.
    const back = await patchAssistant(harness, NAMESPACE, "grow", { spec: { database: { managed: null } } });
    expect(back.spec.database.managed).toBeUndefined();
  });
});

it("the tests above break every rule of the definition", () => {
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
  expect([...messages].filter((message) => ![...refusals].some((line) => line.includes(message)))).toEqual([]);
});
