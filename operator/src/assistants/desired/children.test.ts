import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { desiredInput } from "../../../test/fixtures/assistant-fixture.ts";
import { everyFieldInput } from "../../../test/fixtures/every-field-fixture.ts";
import type { Child, Deployment } from "../../kinds/index.ts";
import type { Container } from "../../kube/objects.ts";
import { allChildren, children, type DesiredChildren } from "./children.ts";
import type { DesiredInput } from "./input.ts";
import { DATA_CHECKSUM } from "./pod/checksum.ts";

const OPENAI = {
  provider: "OpenAICompatible",
  name: "gpt-5-mini",
  baseURL: "https://llm.example.com/v1",
  apiKeySecretRef: { name: "llm", key: "apiKey" },
};

/** The children as a document for reviewers: each object under a heading. */
function yaml(list: readonly Child[]): string {
  return list
    .map(
      (child) =>
        `# ${child.kind} ${child.metadata.name}\n${stringify(child, { aliasDuplicateObjects: false, lineWidth: 0 })}`,
    )
    .join("---\n");
}

function build(spec?: object, more?: Partial<DesiredInput>): DesiredChildren {
  return children(desiredInput(spec, more));
}

function container(workload: Deployment | undefined): Container {
  return workload!.spec!.template.spec!.containers[0]!;
}

function env(workload: Deployment | undefined): Record<string, string | undefined> {
  return Object.fromEntries(container(workload).env!.map(({ name, value }) => [name, value]));
}

function checksums(desired: DesiredChildren): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(desired.servers).map(([server, { spec }]) => [
      server,
      spec?.template.metadata?.annotations?.[DATA_CHECKSUM],
    ]),
  );
}

it("the longest name that the definition allows makes names that Kubernetes allows, of every child", () => {
  // Controllers add eleven characters to these for what they make, in names or labels of 63.
  const longest: Readonly<Record<string, number>> = { CronJob: 52, Deployment: 52, StatefulSet: 52 };
  const input = { ...everyFieldInput("Managed"), name: "a".repeat(40) };
  const names = allChildren(children(input)).map(({ kind, metadata }) => ({ kind, name: metadata.name }));
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter(({ kind, name }) => name.length > (longest[kind] ?? 63))).toEqual([]);
});

describe("the children of an assistant", () => {
  it("match the snapshot of the smallest resource", async () => {
    await expect(yaml(allChildren(build()))).toMatchFileSnapshot("__snapshots__/demo.yaml");
  });

  it("match the snapshot of a resource with every field and an external database", async () => {
    const desired = children(everyFieldInput("External"));
    await expect(yaml(allChildren(desired))).toMatchFileSnapshot("__snapshots__/every-field.yaml");
  });

  it("match the snapshot of a new managed database with every field", async () => {
    const { volume: _existing, ...input } = everyFieldInput("Managed");
    const { volume, database } = children(input);
    await expect(yaml([volume!, database!])).toMatchFileSnapshot("__snapshots__/every-field-database.yaml");
  });

  it("give what belongs to the model to the API alone, and secrets by reference only", () => {
    const { servers } = children(everyFieldInput("External"));
    expect(container(servers.api).volumeMounts).toContainEqual(
      expect.objectContaining({ name: "model-ca", mountPath: "/etc/taskassistant/model-ca", readOnly: true }),
    );
    const text = env(servers.api).MODEL_HEADERS;
    expect(text).toBe("api-key: $(MODEL_HEADER_0)\nX-Two: $(MODEL_HEADER_1)");
    const others = Object.entries(servers).filter(([server]) => server !== "api");
    expect(JSON.stringify(others)).not.toMatch(/MODEL_HEADER|model-ca/);
  });

  it.each([
    ["Managed", '"key":"admin-password"', ["StatefulSet", "Job"]],
    ["External", '"name":"pg"', ["Job"]],
  ] as const)("give the credentials that make the roles of a %s database to no server", (mode, admin, kinds) => {
    const holders = allChildren(children(everyFieldInput(mode))).filter((child) =>
      JSON.stringify(child).includes(admin),
    );
    expect(holders.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("include no migration and no server while the address of an external database is unknown", () => {
    const desired = build({ model: OPENAI, database: { mode: "External", external: { secretRef: { name: "pg" } } } });
    expect(desired.migration).toBeUndefined();
    expect(desired.maintenance).toBeUndefined();
    expect(desired.database).toBeUndefined();
    expect(desired.volume).toBeUndefined();
    expect(Object.keys(desired.servers)).toEqual([]);
  });

  it("leave replica counts to others unless the spec names one", () => {
    const { servers } = build({ model: { provider: "Demo" }, api: { replicas: 2 } });
    expect(servers.frontend?.spec?.replicas).toBeUndefined();
    expect(servers.api?.spec?.replicas).toBe(2);
  });

  it("run no pods while suspended, not even of the database or of a tier with a replica count", () => {
    const desired = build({ model: { provider: "Demo" }, suspend: true, api: { replicas: 2 } });
    const counts = [...Object.values(desired.servers), desired.database].map((child) => child?.spec?.replicas);
    expect(counts).toEqual([0, 0, 0, 0, 0]);
    expect(desired.maintenance?.spec?.suspend).toBe(true);
  });

  it("are the same for the same input, with the same names", () => {
    expect(build()).toEqual(build());
    expect(build().migration?.metadata.name).toMatch(/^demo-migrate-[0-9a-f]{10}$/);
  });
});

describe("the encryption of an external database", () => {
  const modes = (sslMode: string | undefined, inUri: string | undefined) => {
    const external = { secretRef: { name: "pg" }, ...(sslMode === undefined ? {} : { sslMode }) };
    const endpoint = { host: "h", port: 1, database: "d", ...(inUri === undefined ? {} : { sslMode: inUri }) };
    const desired = build({ model: OPENAI, database: { mode: "External", external } }, {
      externalEndpoint: endpoint as DesiredInput["externalEndpoint"],
    } as Partial<DesiredInput>);
    const pods = [...Object.values(desired.servers), desired.migration!].map((child) => child.spec!.template.spec!);
    return new Set(
      pods.flatMap(({ containers }) =>
        containers[0]!.env!.filter(({ name }) => name === "DATABASE_SSL_MODE").map(({ value }) => value),
      ),
    );
  };

  it.each([
    [undefined, undefined, "verify-full"],
    [undefined, "require", "verify-full"],
    ["require", undefined, "require"],
    ["require", "verify-full", "verify-full"],
    ["disable", "require", "require"],
    ["verify-ca", "disable", "verify-ca"],
  ])("is the stricter of the field (%s) and the URI (%s): %s", (field, inUri, expected) => {
    expect([...modes(field, inUri)]).toEqual([expected]);
  });
});

describe("a new value", () => {
  const changed = (name: string): Partial<DesiredInput> => ({
    fingerprint: (key) => (key.name === name ? "changed" : `fingerprint-of-${key.name}-${key.key}`),
  });
  const spec = {
    model: OPENAI,
    auth: { initialUser: { secretRef: { name: "first-user" } } },
    mcp: { env: [{ name: "EXTRA", valueFrom: { secretKeyRef: { name: "extra", key: "x" } } }] },
  };
  const rolled = (name: string): string[] => {
    const before = checksums(build(spec));
    const after = checksums(build(spec, changed(name)));
    return Object.keys(before).filter((server) => before[server] !== after[server]);
  };

  it.each([
    ["llm", ["api"]],
    ["demo-exchange", ["api", "frontend"]],
    ["demo-auth", ["frontend"]],
    ["first-user", ["frontend"]],
    ["extra", ["mcp"]],
    ["demo-database", ["mcp", "api", "frontend"]],
    ["unrelated", []],
  ])("of Secret %s replaces the pods of %j and no others", (secret, servers) => {
    expect(rolled(secret)).toEqual(servers);
  });

  it("of a Secret that the migration uses leads to a new migration Job", () => {
    const name = (secret: string) => build(spec, changed(secret)).migration?.metadata.name;
    expect(name("demo-database")).not.toBe(name("unrelated"));
    expect(name("demo-auth")).not.toBe(name("unrelated"));
    expect(name("demo-maintenance")).not.toBe(name("unrelated"));
    expect(name("llm")).toBe(name("unrelated"));
  });
});

describe("text from the user", () => {
  it("can't include the value of another variable", () => {
    const { servers } = build({
      model: { ...OPENAI, name: "m-$(DATABASE_PASSWORD)" },
      agent: { systemPrompt: "costs $5, $$(x) $(EXCHANGE_CLIENT_SECRET)" },
    });
    expect(env(servers.api).MODEL_NAME).toBe("m-$$(DATABASE_PASSWORD)");
    expect(env(servers.api).AGENT_SYSTEM_PROMPT).toBe("costs $$5, $$$$(x) $$(EXCHANGE_CLIENT_SECRET)");
  });

  it("reaches the container in the variables that the user named", () => {
    const given = [
      { name: "A", value: "1" },
      { name: "B", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } },
    ];
    const { servers } = build({ model: { provider: "Demo" }, frontend: { env: given } });
    expect(container(servers.frontend).env!.slice(-2)).toEqual(given);
  });
});

describe("the public URL", () => {
  const url = (exposure?: object) =>
    env(build({ model: { provider: "Demo" }, ...(exposure && { exposure }) }).servers.frontend).BETTER_AUTH_URL;
  it("comes from the spec, from host and TLS, or is localhost", () => {
    expect(url()).toBe("http://localhost:3000");
    expect(url({ url: "https://a.example:8443" })).toBe("https://a.example:8443");
    expect(url({ type: "Ingress", host: "b.example" })).toBe("http://b.example");
    expect(url({ type: "Ingress", host: "b.example", tls: { secretName: "t" } })).toBe("https://b.example");
    expect(url({ type: "Ingress", host: "b.example", url: "https://c.example" })).toBe("https://c.example");
  });
});

describe("the data volume", () => {
  const managed = (storage: object | undefined, volume?: DesiredInput["volume"]) =>
    build({ model: { provider: "Demo" }, database: { mode: "Managed", managed: { storage } } }, volume && { volume })
      .volume?.spec;

  it("grows to what the spec asks for", () => {
    expect(managed({ size: "10Gi" }, { uid: "v", size: "5Gi" })?.resources?.requests).toEqual({ storage: "10Gi" });
  });

  it("stays as it is when a retained one is larger or of another class", () => {
    const spec = managed(
      { size: "1Gi", storageClassName: "slow" },
      { uid: "v", size: "8Gi", storageClassName: "fast" },
    );
    expect(spec?.resources?.requests).toEqual({ storage: "8Gi" });
    expect(spec?.storageClassName).toBe("fast");
  });

  it("is migrated again when it has another uid, because it may be empty", () => {
    const name = (uid: string) => build(undefined, { volume: { uid, size: "5Gi" } }).migration?.metadata.name;
    expect(name("a")).not.toBe(name("b"));
  });
});
