import { beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import { builtin } from "../src/kube/index.ts";
import { assistants } from "./assistant-harness.ts";
import { createAssistant, eventually, patchAssistant, waitCondition } from "./cluster-harness.ts";
import { stage } from "./operator-harness.ts";

const world = stage("operator-changes");

const { isReady, ready, replicas, rolled, settled } = assistants(world);
const DEMO = { provider: "Demo" };

describe.concurrent("replica counts", () => {
  it("are handed over when the spec gives them up, and belong to kubectl scale then", async () => {
    await ready("scale", { model: DEMO, api: { replicas: 3 } });
    expect((await replicas("scale")).api).toBe(3);
    await patchAssistant(world(), "scale", "demo", { spec: { api: null } });
    await settled("scale");
    expect((await replicas("scale")).api).toBe(3);
    await world().cluster.kubectl("-n", "scale", "scale", "deployment/demo-api", "--replicas=2");
    await settled("scale");
    expect((await replicas("scale")).api).toBe(2);
    await patchAssistant(world(), "scale", "demo", { spec: { api: { replicas: 1 } } });
    await settled("scale");
    expect((await replicas("scale")).api).toBe(1);
  });

  it("come back after a suspension, which stops every pod and keeps all else", async () => {
    await ready("suspend", { model: DEMO, mcp: { replicas: 2 } });
    await world().cluster.kubectl("-n", "suspend", "scale", "deployment/demo-frontend", "--replicas=3");
    await settled("suspend");
    await patchAssistant(world(), "suspend", "demo", { spec: { suspend: true } });
    await waitCondition(world(), { namespace: "suspend", name: "demo" }, "Suspended", "True");
    await eventually("no pod", async () => {
      const pods = await world().list(builtin.Pod, "suspend");
      return pods.filter(({ status }) => status?.phase !== "Succeeded").length === 0;
    });
    const suspended = await waitCondition(
      world(),
      { namespace: "suspend", name: "demo" },
      "Ready",
      "False",
      "Suspended",
    );
    expect(suspended.status?.suspendedReplicas).toEqual({ frontend: 3, api: 1 });
    expect(await world().get(CHILD_KINDS.PersistentVolumeClaim.resource, "suspend", "demo-db-data")).toBeDefined();
    await patchAssistant(world(), "suspend", "demo", { spec: { suspend: false } });
    await isReady("suspend");
    await settled("suspend");
    expect(await replicas("suspend")).toEqual({ frontend: 3, api: 1, mcp: 2 });
    expect((await isReady("suspend")).status?.suspendedReplicas).toBeUndefined();
  });
});

describe("a change rolls exactly the servers concerned:", () => {
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
    await world().namespace("roll", { "pod-security.kubernetes.io/enforce": "restricted" });
    await world().client.create(key("one"), { signal: world().signal });
    await createAssistant(world(), "roll", "demo", spec);
    await isReady("roll");
    await settled("roll");
  });

  it("an image", async () => {
    expect(
      await rolled("roll", () =>
        patchAssistant(world(), "roll", "demo", { spec: { api: { image: "registry.example/api:2" } } }),
      ),
    ).toEqual(["api"]);
    expect((await isReady("roll")).status?.components?.api?.image).toBe("registry.example/api:2");
  });

  it("the model's key, rotated in its Secret: the API alone", async () => {
    const change = () => world().client.apply(key("two"), { signal: world().signal, force: "always" });
    expect(await rolled("roll", change)).toEqual(["api"]);
  });

  it("a Secret that says the same: nothing", async () => {
    const change = () => world().cluster.kubectl("-n", "roll", "label", "secret/llm", "touched=yes");
    expect(await rolled("roll", change)).toEqual([]);
  });

  it("a replica count: nothing", async () => {
    expect(
      await rolled("roll", () => patchAssistant(world(), "roll", "demo", { spec: { frontend: { replicas: 2 } } })),
    ).toEqual([]);
    expect((await replicas("roll")).frontend).toBe(2);
  });

  it("the mcp image: the migration first, then the MCP server", async () => {
    const jobs = async () =>
      (await world().list(CHILD_KINDS.Job.resource, "roll")).map(({ metadata }) => metadata.name);
    const before = await jobs();
    expect(
      await rolled("roll", () =>
        patchAssistant(world(), "roll", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } }),
      ),
    ).toEqual(["mcp"]);
    const after = await jobs();
    expect([before.length, after.length, before[0] === after[0]]).toEqual([1, 1, false]);
  });
});

describe.concurrent("deletion", () => {
  it("with Retain keeps volume and credentials, and a new resource of the same name uses them again", async () => {
    await ready("retain");
    const kept = async () => ({
      volume: (await world().get(CHILD_KINDS.PersistentVolumeClaim.resource, "retain", "demo-db-data"))?.metadata.uid,
      database: (await world().get(CHILD_KINDS.Secret.resource, "retain", "demo-database"))?.data,
      auth: (await world().get(CHILD_KINDS.Secret.resource, "retain", "demo-auth"))?.data,
    });
    const before = await kept();
    await world().client.delete(
      taskAssistantResource,
      { namespace: "retain", name: "demo" },
      { signal: world().signal },
    );
    await eventually("everything else gone", async () => {
      const left = await Promise.all(childResources().map((resource) => world().list(resource, "retain")));
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
    await createAssistant(world(), "retain", "demo");
    await isReady("retain");
    expect(await kept()).toEqual(before);
  });

  it("and creation in one breath adopts what is still there", async () => {
    await ready("swift");
    const volume = (await world().get(CHILD_KINDS.PersistentVolumeClaim.resource, "swift", "demo-db-data"))?.metadata
      .uid;
    const gone = await world().get(taskAssistantResource, "swift", "demo");
    await world().client.delete(
      taskAssistantResource,
      { namespace: "swift", name: "demo" },
      { signal: world().signal },
    );
    await eventually("gone", async () => (await world().get(taskAssistantResource, "swift", "demo")) === undefined);
    await createAssistant(world(), "swift", "demo");
    await isReady("swift");
    await settled("swift");
    const now = await isReady("swift");
    expect(now.metadata.uid).not.toBe(gone?.metadata.uid);
    expect((await world().get(CHILD_KINDS.PersistentVolumeClaim.resource, "swift", "demo-db-data"))?.metadata.uid).toBe(
      volume,
    );
    for (const child of await world().list(CHILD_KINDS.Deployment.resource, "swift")) {
      expect(child.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual([now.metadata.uid]);
    }
  });

  it("with Delete leaves nothing", async () => {
    const found = await ready("purge", { model: DEMO, deletion: { policy: "Delete" } });
    expect(found.metadata.finalizers).toEqual(["taskassistant.dev/data"]);
    await world().client.delete(
      taskAssistantResource,
      { namespace: "purge", name: "demo" },
      { signal: world().signal },
    );
    await eventually("nothing left", async () => {
      const left = await Promise.all(
        [...childResources(), builtin.Pod, taskAssistantResource].map((resource) => world().list(resource, "purge")),
      );
      return left.flat().filter(({ metadata }) => metadata.name !== "default").length === 0;
    });
  });

  it("takes the finalizer away when the policy goes back to Retain", async () => {
    await ready("policy", { model: DEMO, deletion: { policy: "Delete" } });
    await patchAssistant(world(), "policy", "demo", { spec: { deletion: null } });
    await eventually("no finalizer", async () => {
      const found = await world().get(taskAssistantResource, "policy", "demo");
      return (found?.metadata.finalizers ?? []).length === 0;
    });
    await settled("policy");
  });
});
