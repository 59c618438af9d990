import { describe, expect, it } from "vitest";
import { desiredInput } from "../../../../test/fixtures/assistant-fixture.ts";
import { appliedBy, snapshotFixture } from "../../../../test/fixtures/snapshot-fixture.ts";
import { TIERS } from "../../../api/taskassistants/v1alpha1/index.ts";
import { children } from "../children.ts";
import type { DataObject } from "../input.ts";
import { DATA_CHECKSUM } from "./checksum.ts";
import { refusedEnv, userEnv, variableSource } from "./user-env.ts";

const DEMO = { model: { provider: "Demo" } };
/** Keys by kind and name. */
const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  "Secret settings": ["LOG_LEVEL", "NODE_OPTIONS", "https_proxy", "tls.crt"],
  "Secret more": ["DATABASE_POOL_SIZE", "LOG_LEVEL"],
  "Secret large": Array.from({ length: 103 }, (_, index) => `V${String(index).padStart(3, "0")}`),
  "ConfigMap settings": ["LOG_LEVEL", "HTTP_PROXY", "app.properties", "LD_PRELOAD"],
};
const keysOf = ({ kind, name }: DataObject) => OBJECTS[`${kind} ${name}`] ?? [];

function input(api: object) {
  return desiredInput({ ...DEMO, api }, { keysOf });
}

/** What the pod gets, as name and origin. */
const got = (api: object) =>
  userEnv(input(api), "api").map((variable) => {
    const source = variableSource(variable.valueFrom);
    return [variable.name, source === undefined ? variable.value : `${source.kind} ${source.name}`];
  });
const left = (api: object) => refusedEnv(input(api)).map(({ path, name, why }) => [path, name, why]);
const secrets = (...names: string[]) => ({ envFrom: names.map((name) => ({ secretRef: { name } })) });
const configMap = { envFrom: [{ configMapRef: { name: "settings" } }] };

describe("envFrom", () => {
  it.each<[string, object, readonly string[]]>([
    ["Secret", secrets("settings"), ["NODE_OPTIONS", "https_proxy", "tls.crt"]],
    ["ConfigMap", configMap, ["HTTP_PROXY", "app.properties", "LD_PRELOAD"]],
  ])("becomes single variables of the %s, without those that env would refuse, which are named", (kind, api, names) => {
    expect(got(api)).toEqual([["LOG_LEVEL", `${kind} settings`]]);
    expect(left(api)).toEqual(names.map((name) => ["spec.api.envFrom[settings]", name, expect.any(String)]));
    const reasons = left(api).map(([, , why]) => why);
    expect(reasons).toContainEqual(expect.stringContaining("proxy"));
    expect(reasons).toContain("is no name of an environment variable");
  });

  it("looks at the name with its prefix, so that a prefix neither hides nor makes a refused variable", () => {
    const prefixed = (prefix: string) => ({ envFrom: [{ prefix, secretRef: { name: "more" } }] });
    expect(got(prefixed("MY_"))).toEqual([
      ["MY_DATABASE_POOL_SIZE", "Secret more"],
      ["MY_LOG_LEVEL", "Secret more"],
    ]);
    expect(got(prefixed("NODE_"))).toEqual([]);
  });

  it("gives way to a later object of either kind, and to env", () => {
    expect(got(secrets("settings", "more"))).toEqual([
      ["LOG_LEVEL", "Secret more"],
      ["DATABASE_POOL_SIZE", "Secret more"],
    ]);
    expect(got({ envFrom: [...secrets("settings").envFrom, ...configMap.envFrom] })).toEqual([
      ["LOG_LEVEL", "ConfigMap settings"],
    ]);
    expect(got({ envFrom: [...configMap.envFrom, ...secrets("settings").envFrom] })).toEqual([
      ["LOG_LEVEL", "Secret settings"],
    ]);
    expect(got({ ...secrets("more"), env: [{ name: "LOG_LEVEL", value: "debug" }] })).toEqual([
      ["DATABASE_POOL_SIZE", "Secret more"],
      ["LOG_LEVEL", "debug"],
    ]);
  });

  it("takes the first hundred keys of an object and names the others", () => {
    expect(got(secrets("large"))).toHaveLength(100);
    expect(left(secrets("large")).map(([, name]) => name)).toEqual(["V100", "V101", "V102"]);
  });

  it("never reaches a pod as a whole, in any tier", () => {
    const both = { envFrom: [...secrets("settings").envFrom, { prefix: "C_", ...configMap.envFrom[0] }] };
    const spec = Object.fromEntries(TIERS.map((tier) => [tier, both]));
    const { servers } = children(desiredInput({ ...DEMO, ...spec }, { keysOf }));
    for (const tier of TIERS) {
      const container = servers[tier]!.spec!.template.spec!.containers[0]!;
      expect(container.envFrom).toBeUndefined();
      const from = container.env!.filter(({ valueFrom }) => variableSource(valueFrom)?.name === "settings");
      expect(from.map(({ name }) => name)).toEqual(["LOG_LEVEL", "C_LOG_LEVEL", "C_LD_PRELOAD"]);
    }
  });

  it.each([
    ["a Secret of envFrom", "Secret", "more", secrets("more")],
    ["a ConfigMap of envFrom", "ConfigMap", "settings", configMap],
    [
      "a ConfigMap of env",
      "ConfigMap",
      "c",
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } }] },
    ],
  ])("rolls the pods when a value of %s changes", (_what, kind, name, api) => {
    const checksum = (fingerprint: string) => {
      const isChanged = (key: DataObject) => key.kind === kind && key.name === name;
      const changed = desiredInput(
        { ...DEMO, api },
        { keysOf, fingerprint: (key) => (isChanged(key) ? fingerprint : "same") },
      );
      return children(changed).servers.api!.spec!.template.metadata!.annotations![DATA_CHECKSUM];
    };
    expect(checksum("a")).not.toBe(checksum("b"));
    expect(checksum("a")).toBe(checksum("a"));
  });
});

/** A fixture whose servers could all be applied. */
function migrated(api: object) {
  const fixture = snapshotFixture({ ...DEMO, api });
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putMigratedDatabase();
  return fixture;
}

describe("a Secret or ConfigMap that does not exist", () => {
  const ref = (kind: string, optional = false) => ({ name: "absent", ...(optional ? { optional } : {}), kind });
  /** One entry of `envFrom`, and one of `env`. */
  const whole = ({ kind, ...object }: ReturnType<typeof ref>) => ({
    envFrom: [kind === "Secret" ? { secretRef: object } : { configMapRef: object }],
  });
  const single = ({ kind, ...object }: ReturnType<typeof ref>) => {
    const source = { ...object, key: "k" };
    return {
      env: [{ name: "A", valueFrom: kind === "Secret" ? { secretKeyRef: source } : { configMapKeyRef: source } }],
    };
  };

  it.each([
    ["Secret", "envFrom", whole, "create secret generic absent"],
    ["ConfigMap", "envFrom", whole, "create configmap absent"],
    ["Secret", "env[A]", single, "create secret generic absent --from-literal=k=VALUE"],
    ["ConfigMap", "env[A]", single, "create configmap absent --from-literal=k=VALUE"],
  ])("is asked for, and the pods of the tier stay as they are: a %s of %s", (kind, field, api, command) => {
    const fixture = migrated(api(ref(kind)));
    expect(fixture.finding("Accepted")).toMatchObject({ status: "False", reason: `${kind}NotFound` });
    const { message } = fixture.finding("Accepted")!;
    expect(message).toMatch(new RegExp(`^${kind} absent.*, named by spec\\.api\\.${field.replace(/\[.*/, "")}`));
    expect(message).toContain(`Next: kubectl -n team ${command}`);
    expect(appliedBy(fixture.plan())).not.toContain("Deployment/demo-api");
    expect(appliedBy(fixture.plan())).toContain("Deployment/demo-frontend");
    expect(fixture.finding("ApiAvailable")!.message).toContain(`${kind} absent`);

    if (kind === "Secret") fixture.putSecret("absent", "k");
    else fixture.putConfigMap("absent", "k");
    expect(fixture.finding("Accepted")).toMatchObject({ status: "True" });
    expect(appliedBy(fixture.plan())).toContain("Deployment/demo-api");
  });

  it.each(["Secret", "ConfigMap"])("is not missed when it is optional: a %s", (kind) => {
    for (const api of [whole, single]) {
      const fixture = migrated(api(ref(kind, true)));
      expect(fixture.finding("Accepted")).toMatchObject({ status: "True" });
      expect(appliedBy(fixture.plan())).toContain("Deployment/demo-api");
    }
  });

  it("is told apart from one that lacks the key", () => {
    const fixture = migrated(single(ref("ConfigMap")));
    fixture.putConfigMap("absent", "other");
    expect(fixture.finding("Accepted")).toMatchObject({
      reason: "ConfigMapKeyNotFound",
      message: expect.stringContaining(`Next: kubectl -n team patch configmap absent -p '{"data":{"k":"VALUE"}}'`),
    });
  });
});

describe("the condition Accepted", () => {
  const spec = { ...DEMO, api: secrets("settings") };

  it("names the keys that are left out, and not their values", () => {
    const fixture = snapshotFixture(spec);
    fixture.putSecret("settings", "LOG_LEVEL", "NODE_OPTIONS");
    const { status, message } = fixture.finding("Accepted")!;
    expect(status).toBe("True");
    expect(message).toContain("NODE_OPTIONS of spec.api.envFrom[settings] is left out");
    expect(message).not.toContain("LOG_LEVEL");
  });
});
