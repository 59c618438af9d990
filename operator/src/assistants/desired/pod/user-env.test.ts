import { describe, expect, it } from "vitest";
import { desiredInput } from "../../../../test/fixtures/assistant-fixture.ts";
import { snapshotFixture } from "../../../../test/fixtures/snapshot-fixture.ts";
import { TIERS } from "../../../api/taskassistants/v1alpha1/index.ts";
import { children } from "../children.ts";
import { SECRETS_CHECKSUM } from "./checksum.ts";
import { refusedEnv, userEnv } from "./user-env.ts";

const DEMO = { model: { provider: "Demo" } };
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  settings: ["LOG_LEVEL", "NODE_OPTIONS", "https_proxy", "tls.crt"],
  more: ["DATABASE_POOL_SIZE", "LOG_LEVEL"],
  large: Array.from({ length: 103 }, (_, index) => `V${String(index).padStart(3, "0")}`),
};

function input(api: object) {
  return desiredInput({ ...DEMO, api }, { secretKeys: (name) => SECRETS[name] ?? [] });
}

/** What the pod gets, as name and origin. */
const got = (api: object) =>
  userEnv(input(api), "api").map(({ name, value, valueFrom }) => [name, value ?? valueFrom?.secretKeyRef?.name]);
const left = (api: object) => refusedEnv(input(api)).map(({ path, name, why }) => [path, name, why]);
const from = (...names: string[]) => ({ envFrom: names.map((name) => ({ secretRef: { name } })) });

describe("envFrom", () => {
  it("becomes single variables, without those that env would refuse, which are named", () => {
    expect(got(from("settings"))).toEqual([["LOG_LEVEL", "settings"]]);
    expect(left(from("settings"))).toEqual([
      ["spec.api.envFrom[settings]", "NODE_OPTIONS", expect.stringContaining("Node.js")],
      ["spec.api.envFrom[settings]", "https_proxy", expect.stringContaining("proxy")],
      ["spec.api.envFrom[settings]", "tls.crt", "is no name of an environment variable"],
    ]);
  });

  it("looks at the name with its prefix, so that a prefix neither hides nor makes a refused variable", () => {
    const prefixed = (prefix: string) => ({ envFrom: [{ prefix, secretRef: { name: "more" } }] });
    expect(got(prefixed("MY_"))).toEqual([
      ["MY_DATABASE_POOL_SIZE", "more"],
      ["MY_LOG_LEVEL", "more"],
    ]);
    expect(got(prefixed("NODE_"))).toEqual([]);
  });

  it("gives way to a later Secret, and to env", () => {
    expect(got(from("settings", "more"))).toEqual([
      ["LOG_LEVEL", "more"],
      ["DATABASE_POOL_SIZE", "more"],
    ]);
    expect(got({ ...from("more"), env: [{ name: "LOG_LEVEL", value: "debug" }] })).toEqual([
      ["DATABASE_POOL_SIZE", "more"],
      ["LOG_LEVEL", "debug"],
    ]);
  });

  it("takes the first hundred keys of a Secret and names the others", () => {
    expect(got(from("large"))).toHaveLength(100);
    expect(left(from("large")).map(([, name]) => name)).toEqual(["V100", "V101", "V102"]);
  });

  it("never reaches a pod as a whole, in any tier", () => {
    const spec = Object.fromEntries(TIERS.map((tier) => [tier, from("settings")]));
    const { servers } = children(desiredInput({ ...DEMO, ...spec }, { secretKeys: (name) => SECRETS[name] ?? [] }));
    for (const tier of TIERS) {
      const container = servers[tier]!.spec!.template.spec!.containers[0]!;
      expect(container.envFrom).toBeUndefined();
      expect(container.env!.filter(({ valueFrom }) => valueFrom?.secretKeyRef?.name === "settings")).toHaveLength(1);
    }
  });

  it("rolls the pods when a value changes", () => {
    const checksum = (fingerprint: string) => {
      const changed = desiredInput(
        { ...DEMO, api: from("more") },
        {
          secretKeys: (name) => SECRETS[name] ?? [],
          fingerprint: ({ name }) => (name === "more" ? fingerprint : "same"),
        },
      );
      return children(changed).servers.api!.spec!.template.metadata!.annotations![SECRETS_CHECKSUM];
    };
    expect(checksum("a")).not.toBe(checksum("b"));
  });
});

describe("the condition Accepted", () => {
  const spec = { ...DEMO, api: from("settings") };

  it("asks for a Secret that does not exist", () => {
    const fixture = snapshotFixture(spec);
    expect(fixture.finding("Accepted")).toMatchObject({
      status: "False",
      reason: "SecretNotFound",
      message: expect.stringMatching(/^Secret settings, named by spec\.api\.envFrom, doesn't exist\. Next: kubectl/),
    });
  });

  it("names the keys that are left out, and not their values", () => {
    const fixture = snapshotFixture(spec);
    fixture.putSecret("settings", "LOG_LEVEL", "NODE_OPTIONS");
    const { status, message } = fixture.finding("Accepted")!;
    expect(status).toBe("True");
    expect(message).toContain("NODE_OPTIONS of spec.api.envFrom[settings] is left out");
    expect(message).not.toContain("LOG_LEVEL");
  });
});
