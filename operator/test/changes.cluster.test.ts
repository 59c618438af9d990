import { beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import { builtin, type KubeObject } from "../src/kube/index.ts";
import { assistantHarness } from "./harness/assistant-harness.ts";
import { createAssistant, eventually, patchAssistant, waitCondition } from "./harness/cluster-harness.ts";
import { operatorHarness } from "./harness/operator-harness.ts";

const harness = operatorHarness("operator-changes");

const { deployment, environment, isReady, ready, replicas, rolled, settled } = assistantHarness(harness);
const DEMO = { provider: "Demo" };

describe.concurrent("replica counts", () => {
  it("stay as they are when the spec gives them up, and can then be set with kubectl scale", async () => {
    await ready("scale", { model: DEMO, api: { replicas: 3 } });
    expect((await replicas("scale")).api).toBe(3);
    await patchAssistant(harness(), "scale", "demo", { spec: { api: null } });
    await settled("scale");
    expect((await replicas("scale")).api).toBe(3);
    await harness().cluster.kubectl("-n", "scale", "scale", "deployment/demo-api", "--replicas=2");
    await settled("scale");
    expect((await replicas("scale")).api).toBe(2);
    await patchAssistant(harness(), "scale", "demo", { spec: { api: { replicas: 1 } } });
    await settled("scale");
    expect((await replicas("scale")).api).toBe(1);
  });

  it("are restored after a suspension, which stops every pod and keeps everything else", async () => {
    await ready("suspend", { model: DEMO, mcp: { replicas: 2 } });
    await harness().cluster.kubectl("-n", "suspend", "scale", "deployment/demo-frontend", "--replicas=3");
    await settled("suspend");
    await patchAssistant(harness(), "suspend", "demo", { spec: { suspend: true } });
    await waitCondition(harness(), { namespace: "suspend", name: "demo" }, "Suspended", "True");
    await eventually("no pod", async () => {
      const pods = await harness().list(builtin.Pod, "suspend");
      return pods.filter(({ status }) => status?.phase !== "Succeeded").length === 0;
    });
    const suspended = await waitCondition(
      harness(),
      { namespace: "suspend", name: "demo" },
      "Ready",
      "False",
      "Suspended",
    );
    expect(suspended.status?.suspendedReplicas).toEqual({ frontend: 3, api: 1 });
    expect(await harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, "suspend", "demo-db-data")).toBeDefined();
    await patchAssistant(harness(), "suspend", "demo", { spec: { suspend: false } });
    await isReady("suspend");
    await settled("suspend");
    expect(await replicas("suspend")).toEqual({ frontend: 3, api: 1, mcp: 2 });
    expect((await isReady("suspend")).status?.suspendedReplicas).toBeUndefined();
  });
});

describe("the pods of the servers", () => {
  const spec = {
    model: {
      provider: "OpenAICompatible",
      name: "m",
      baseURL: "https://llm.example/v1",
      apiKeySecretRef: { name: "llm", key: "apiKey" },
    },
  };
  const key = (value: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace: "roll", name: "llm" },
    stringData: { apiKey: value },
  });

  beforeAll(async () => {
    await harness().namespace("roll", { "pod-security.kubernetes.io/enforce": "restricted" });
    await harness().client.create(key("one"), { signal: harness().signal });
    await createAssistant(harness(), "roll", "demo", spec);
    await isReady("roll");
    await settled("roll");
  });

  it("are replaced for the API alone when its image changes", async () => {
    expect(
      await rolled("roll", () =>
        patchAssistant(harness(), "roll", "demo", { spec: { api: { image: "registry.example/api:2" } } }),
      ),
    ).toEqual(["api"]);
    expect((await isReady("roll")).status?.components?.api?.image).toBe("registry.example/api:2");
  });

  it("are replaced for the API alone when the model's key is rotated in its Secret", async () => {
    const change = () => harness().client.apply(key("two"), { signal: harness().signal, force: "always" });
    expect(await rolled("roll", change)).toEqual(["api"]);
  });

  it("are replaced for the API alone when its Secret is immutable, deleted and created with another key", async () => {
    const secret = { namespace: "roll", name: "llm" };
    const { client, signal } = harness();
    const immutable = (value: string): KubeObject => Object.assign(key(value), { immutable: true });
    const replaceBy = async (object: KubeObject) => {
      await client.delete(CHILD_KINDS.Secret.resource, secret, { signal });
      await client.create(object, { signal });
    };
    expect(await rolled("roll", () => replaceBy(immutable("two")))).toEqual([]);
    expect(await rolled("roll", () => replaceBy(immutable("three")))).toEqual(["api"]);
  });

  it("stay when a Secret gets a label and keeps its values", async () => {
    const change = () => harness().cluster.kubectl("-n", "roll", "label", "secret/llm", "touched=yes");
    expect(await rolled("roll", change)).toEqual([]);
  });

  it("are replaced for the MCP server alone, and once, when a ConfigMap that becomes variables changes", async () => {
    const settings = (data: Record<string, string>) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { namespace: "roll", name: "settings" },
      data,
    });
    const apply = (data: Record<string, string>) =>
      harness().client.apply(settings(data), { signal: harness().signal, force: "always" });
    await apply({ LOG_LEVEL: "info", NODE_OPTIONS: "--inspect" });
    await patchAssistant(harness(), "roll", "demo", {
      spec: { mcp: { envFrom: [{ configMapRef: { name: "settings" } }] } },
    });
    await settled("roll");
    expect(await environment("roll", "mcp")).toHaveProperty("LOG_LEVEL");
    const { generation } = (await deployment("roll", "mcp")).metadata;
    expect(await rolled("roll", () => apply({ LOG_LEVEL: "debug", NODE_OPTIONS: "--inspect", A: "1" }))).toEqual([
      "mcp",
    ]);
    expect((await deployment("roll", "mcp")).metadata.generation).toBe((generation ?? 0) + 1);
    const accepted = await waitCondition(harness(), { namespace: "roll", name: "demo" }, "Accepted", "True");
    const message = accepted.status?.conditions?.find(({ type }) => type === "Accepted")?.message;
    expect(message).toContain("NODE_OPTIONS of spec.mcp.envFrom[settings] is left out");

    const remove = () =>
      harness().client.delete(builtin.ConfigMap, { namespace: "roll", name: "settings" }, { signal: harness().signal });
    const before = (await deployment("roll", "mcp")).metadata.generation;
    await remove();
    await waitCondition(harness(), { namespace: "roll", name: "demo" }, "Accepted", "False", "ConfigMapNotFound");
    expect((await deployment("roll", "mcp")).metadata.generation).toBe(before);
    await patchAssistant(harness(), "roll", "demo", { spec: { mcp: { envFrom: null } } });
    await settled("roll");
  });

  it("stay when a replica count changes", async () => {
    expect(
      await rolled("roll", () => patchAssistant(harness(), "roll", "demo", { spec: { frontend: { replicas: 2 } } })),
    ).toEqual([]);
    expect((await replicas("roll")).frontend).toBe(2);
  });

  it("are replaced for the MCP server alone when its image changes, with a new migration Job", async () => {
    const jobs = async () =>
      (await harness().list(CHILD_KINDS.Job.resource, "roll")).map(({ metadata }) => metadata.name);
    const before = await jobs();
    expect(
      await rolled("roll", () =>
        patchAssistant(harness(), "roll", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } }),
      ),
    ).toEqual(["mcp"]);
    const after = await jobs();
    expect(before).toHaveLength(1);
    expect(after).toHaveLength(1);
    expect(after[0]).not.toBe(before[0]);
  });
});

describe.concurrent("deletion", () => {
  it("with policy Retain keeps volume and credentials, and a new resource of the same name uses them again", async () => {
    await ready("retain");
    const kept = async () => ({
      volume: (await harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, "retain", "demo-db-data"))?.metadata.uid,
      database: (await harness().get(CHILD_KINDS.Secret.resource, "retain", "demo-database"))?.data,
      auth: (await harness().get(CHILD_KINDS.Secret.resource, "retain", "demo-auth"))?.data,
    });
    const before = await kept();
    await harness().client.delete(
      taskAssistantResource,
      { namespace: "retain", name: "demo" },
      { signal: harness().signal },
    );
    await eventually("everything else gone", async () => {
      const left = await Promise.all(childResources().map((resource) => harness().list(resource, "retain")));
      const names = left
        .flat()
        .map(({ metadata }) => metadata.name)
        .sort();
      return (
        names.join() === ["default", "demo-auth", "demo-database", "demo-db-data"].join() ||
        names.join() === "demo-auth,demo-database,demo-db-data"
      );
    });
    expect(await kept()).toEqual(before);
    await createAssistant(harness(), "retain", "demo");
    await isReady("retain");
    expect(await kept()).toEqual(before);
  });

  it("followed at once by creation lets the new resource adopt what still exists", async () => {
    await ready("swift");
    const volume = (await harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, "swift", "demo-db-data"))?.metadata
      .uid;
    const gone = await harness().get(taskAssistantResource, "swift", "demo");
    await harness().client.delete(
      taskAssistantResource,
      { namespace: "swift", name: "demo" },
      { signal: harness().signal },
    );
    await eventually("gone", async () => (await harness().get(taskAssistantResource, "swift", "demo")) === undefined);
    await createAssistant(harness(), "swift", "demo");
    await isReady("swift");
    await settled("swift");
    const now = await isReady("swift");
    expect(now.metadata.uid).not.toBe(gone?.metadata.uid);
    expect(
      (await harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, "swift", "demo-db-data"))?.metadata.uid,
    ).toBe(volume);
    for (const child of await harness().list(CHILD_KINDS.Deployment.resource, "swift")) {
      expect(child.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual([now.metadata.uid]);
    }
  });

  it("with policy Delete leaves nothing behind", async () => {
    const found = await ready("purge", { model: DEMO, deletion: { policy: "Delete" } });
    expect(found.metadata.finalizers).toEqual(["taskassistant.dev/data"]);
    await harness().client.delete(
      taskAssistantResource,
      { namespace: "purge", name: "demo" },
      { signal: harness().signal },
    );
    await eventually("nothing left", async () => {
      const left = await Promise.all(
        [...childResources(), builtin.Pod, taskAssistantResource].map((resource) => harness().list(resource, "purge")),
      );
      return left.flat().filter(({ metadata }) => metadata.name !== "default").length === 0;
    });
  });

  it("needs no finalizer any more once the policy is Retain again", async () => {
    await ready("policy", { model: DEMO, deletion: { policy: "Delete" } });
    await patchAssistant(harness(), "policy", "demo", { spec: { deletion: null } });
    await eventually("no finalizer", async () => {
      const found = await harness().get(taskAssistantResource, "policy", "demo");
      return (found?.metadata.finalizers ?? []).length === 0;
    });
    await settled("policy");
  });
});
