import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type TaskAssistant, taskAssistantResource } from "../src/api/v1alpha1/index.ts";
import { builtin, type Resource } from "../src/kube/index.ts";
import { startStubKubelet } from "./stub-kubelet.ts";
import {
  type AnyObject,
  CHILD_RESOURCES,
  condition,
  createAssistant,
  eventually,
  isWrite,
  operatorRequests,
  patchAssistant,
  startOperator,
  startWorld,
  type World,
  waitCondition,
} from "./support.ts";

// Several tests share the machine at a time.
vi.setConfig({ testTimeout: 400_000 });

let world: World;
let kubelet: ReturnType<typeof startStubKubelet>;
let operator: Awaited<ReturnType<typeof startOperator>>;

beforeAll(async () => {
  world = await startWorld("operator-lifecycle");
  kubelet = startStubKubelet(world.client);
  operator = await startOperator(world);
});
afterAll(async () => {
  await operator?.stop();
  await kubelet?.stop();
  await world?.stop();
});

const DEMO = { provider: "Demo" };
const TIERS = ["frontend", "api", "mcp"] as const;

/** A Ready assistant in a namespace of its own, where PodSecurity `restricted` is enforced. */
async function ready(namespace: string, spec: object = { model: DEMO }) {
  await world.namespace(namespace, { "pod-security.kubernetes.io/enforce": "restricted" });
  await createAssistant(world, namespace, "demo", spec);
  return isReady(namespace);
}

function isReady(namespace: string): Promise<TaskAssistant> {
  return waitCondition(world, { namespace, name: "demo" }, "Ready", "True");
}

function deployment(namespace: string, tier: string): Promise<AnyObject> {
  return eventually(`Deployment demo-${tier}`, () => world.get(builtin.Deployment, namespace, `demo-${tier}`));
}

/** Hash of each tier's pod template, as the Deployment controller sees it. */
async function templates(namespace: string): Promise<Record<string, string>> {
  const entries = [...TIERS, "model"].map(async (tier) => {
    const found = await world.get(builtin.Deployment, namespace, `demo-${tier}`);
    return [tier, JSON.stringify(found?.spec.template)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Tiers whose pods were replaced by what `change` does. */
async function rolled(namespace: string, change: () => Promise<unknown>): Promise<string[]> {
  const before = await templates(namespace);
  await change();
  await settled(namespace);
  const after = await templates(namespace);
  return Object.keys(before).filter((tier) => before[tier] !== after[tier]);
}

/** Ready for the current generation, and no write of the operator for a while. */
async function settled(namespace: string): Promise<void> {
  await sleep(1500);
  await isReady(namespace);
  let count = -1;
  await eventually(
    "quiet",
    async () => {
      const now = writes(namespace).length;
      const quiet = now === count;
      count = now;
      if (!quiet) await sleep(1500);
      return quiet;
    },
    30_000,
  );
  await isReady(namespace);
}

/** What the operator wrote in a namespace so far. */
function writes(namespace: string) {
  return operatorRequests(world).filter((entry) => isWrite(entry) && entry.objectRef?.namespace === namespace);
}

async function replicas(namespace: string): Promise<Record<string, number>> {
  const entries = TIERS.map(async (tier) => [tier, (await deployment(namespace, tier)).spec.replicas] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function environment(namespace: string, tier: string): Promise<Record<string, string | undefined>> {
  const { spec } = await deployment(namespace, tier);
  return Object.fromEntries(
    spec.template.spec.containers[0].env.map((each: { name: string; value?: string }) => [each.name, each.value]),
  );
}

describe("a new TaskAssistant", () => {
  it("becomes Ready under PodSecurity restricted, tells its story, and then nothing is written any more", async () => {
    const found = await ready("converge");
    expect(found.status).toMatchObject({
      url: "http://localhost:3000",
      model: "Demo",
      version: { running: "0.1.0", target: "0.1.0" },
      components: { api: { ready: "1/1", replicas: 1 }, database: { ready: "1/1" } },
    });
    expect(found.status?.conditions?.every(({ observedGeneration }) => observedGeneration === 1)).toBe(true);
    await settled("converge");
    const before = writes("converge").length;
    await sleep(20_000);
    expect(
      writes("converge")
        .slice(before)
        .map(({ verb, requestURI }) => `${verb} ${requestURI}`),
    ).toEqual([]);

    const events = (await world.list(builtin.Event, "converge")).filter(
      ({ regarding }) => regarding.kind === "TaskAssistant",
    );
    const told = events.map((event) => event.action);
    expect(told).toEqual(
      expect.arrayContaining([
        "DatabaseReady",
        "MigrationsApplied",
        "FrontendAvailable",
        "ApiAvailable",
        "McpVerified",
        "Ready",
      ]),
    );
    expect(told.filter((action) => action === "Ready")).toHaveLength(1);
  });

  it("gets no conflict, no refusal and no read besides the watches", () => {
    const odd = operatorRequests(world).filter(
      ({ verb, responseStatus, objectRef }) =>
        (responseStatus?.code ?? 0) >= 400 ||
        (verb === "get" && objectRef?.name !== "taskassistant-operator-checksum-key"),
    );
    expect(odd.filter(({ requestURI }) => !requestURI.includes("checksum-key"))).toEqual([]);
  });
});

describe.concurrent("children", () => {
  it("come back when they are deleted by hand, all but data and credentials", async () => {
    await ready("heal");
    await settled("heal");
    const before = new Map<`${string}/${string}`, string>();
    for (const resource of CHILD_RESOURCES) {
      for (const child of await world.list(resource, "heal")) {
        if (!child.metadata.ownerReferences?.some(({ kind }) => kind === "TaskAssistant")) continue;
        before.set(`${resource.plural}/${child.metadata.name}`, child.metadata.uid!);
        await world.client.delete(
          resource,
          { namespace: "heal", name: child.metadata.name },
          { signal: world.signal, propagationPolicy: "Background" },
        );
      }
    }
    expect(before.size).toBe(24);
    await eventually("all children again", async () => {
      const now = await Promise.all(
        CHILD_RESOURCES.map(async (resource) =>
          (await world.list(resource, "heal")).map(
            (child) => [`${resource.plural}/${child.metadata.name}` as const, child.metadata.uid] as const,
          ),
        ),
      );
      const uids = new Map(now.flat());
      return [...before].every(([id, uid]) => uids.has(id) && uids.get(id) !== uid);
    });
    await settled("heal");
  });

  it("keep what others add: annotations, labels, a restart", async () => {
    await ready("foreign");
    await settled("foreign");
    await world.cluster.kubectl("-n", "foreign", "annotate", "deployment/demo-api", "someone.example/note=x");
    await world.cluster.kubectl("-n", "foreign", "label", "deployment/demo-api", "team=a");
    await world.cluster.kubectl("-n", "foreign", "rollout", "restart", "deployment/demo-api");
    const before = writes("foreign").length;
    await settled("foreign");
    const api = await deployment("foreign", "api");
    expect(api.metadata.annotations).toMatchObject({ "someone.example/note": "x" });
    expect(api.metadata.labels).toMatchObject({ team: "a" });
    expect(api.spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]).toBeDefined();
    expect(
      writes("foreign")
        .slice(before)
        .filter(({ objectRef }) => objectRef?.resource === "deployments"),
    ).toEqual([]);
  });

  it("are put right when somebody changes our fields", async () => {
    await ready("drift");
    await world.cluster.kubectl("-n", "drift", "set", "env", "deployment/demo-api", "AGENT_MAX_STEPS=99", "MINE=1");
    await eventually("our value", async () => (await environment("drift", "api")).AGENT_MAX_STEPS === "8");
    expect((await environment("drift", "api")).MINE).toBe("1");
    await world.client.mergePatch(
      builtin.Service,
      { namespace: "drift", name: "demo-api" },
      { spec: { selector: { app: "evil" } } },
      { signal: world.signal },
    );
    await eventually("our selector", async () => {
      const service = await world.get(builtin.Service, "drift", "demo-api");
      return service?.spec.selector["app.kubernetes.io/name"] === "taskassistant-api";
    });
  });

  it("lose what the spec no longer has", async () => {
    await ready("removal", {
      model: DEMO,
      api: { corsOrigins: ["https://a.example"], env: [{ name: "LOG_LEVEL", value: "debug" }] },
      agent: { systemPrompt: "Be brief." },
      exposure: { type: "Ingress", host: "a.example", ingress: { annotations: { "a.example/x": "1" } } },
    });
    await settled("removal");
    const before = await environment("removal", "api");
    expect([before.CORS_ORIGINS, before.LOG_LEVEL, before.AGENT_SYSTEM_PROMPT]).toEqual([
      "https://a.example",
      "debug",
      "Be brief.",
    ]);
    await patchAssistant(world, "removal", "demo", { spec: { exposure: { ingress: { annotations: null } } } });
    await settled("removal");
    const ingress = await world.get(builtin.Ingress, "removal", "demo");
    expect(Object.keys(ingress?.metadata.annotations ?? {})).toEqual(["taskassistant.dev/desired-hash"]);
    await patchAssistant(world, "removal", "demo", {
      spec: {
        api: null,
        agent: null,
        exposure: null,
        model: { provider: "OpenAICompatible", name: "m", baseURL: "https://llm.example/v1" },
      },
    });
    await settled("removal");
    const after = await environment("removal", "api");
    expect([after.CORS_ORIGINS, after.LOG_LEVEL, after.AGENT_SYSTEM_PROMPT]).toEqual([undefined, undefined, undefined]);
    expect(await world.get(builtin.Ingress, "removal", "demo")).toBeUndefined();
    for (const resource of [
      builtin.Deployment,
      builtin.Service,
      builtin.ServiceAccount,
      builtin.NetworkPolicy,
    ] as Resource[]) {
      expect(await world.get(resource, "removal", "demo-model")).toBeUndefined();
    }
  });

  it("of a name that somebody else uses are left alone, and the resource says so", async () => {
    await world.namespace("taken");
    const foreign = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { namespace: "taken", name: "demo-api" },
      spec: { selector: { app: "other" }, ports: [{ port: 8000, targetPort: 1, protocol: "TCP", name: "other" }] },
    };
    await world.client.create(foreign, { signal: world.signal });
    await createAssistant(world, "taken", "demo");
    const found = await waitCondition(world, { namespace: "taken", name: "demo" }, "Accepted", "False", "NameConflict");
    expect(condition(found, "Accepted")?.message).toContain("Service demo-api exists and isn't ours");
    expect((await world.get(builtin.Service, "taken", "demo-api"))?.spec.selector).toEqual({ app: "other" });
    await world.client.delete(builtin.Service, { namespace: "taken", name: "demo-api" }, { signal: world.signal });
    await waitCondition(world, { namespace: "taken", name: "demo" }, "Ready", "True");
  });
});

describe.concurrent("replica counts", () => {
  it("are handed over when the spec gives them up, and belong to kubectl scale then", async () => {
    await ready("scale", { model: DEMO, api: { replicas: 3 } });
    expect((await replicas("scale")).api).toBe(3);
    await patchAssistant(world, "scale", "demo", { spec: { api: null } });
    await settled("scale");
    expect((await replicas("scale")).api).toBe(3);
    await world.cluster.kubectl("-n", "scale", "scale", "deployment/demo-api", "--replicas=2");
    await settled("scale");
    expect((await replicas("scale")).api).toBe(2);
    await patchAssistant(world, "scale", "demo", { spec: { api: { replicas: 1 } } });
    await settled("scale");
    expect((await replicas("scale")).api).toBe(1);
  });

  it("come back after a suspension, which stops every pod and keeps all else", async () => {
    await ready("suspend", { model: DEMO, mcp: { replicas: 2 } });
    await world.cluster.kubectl("-n", "suspend", "scale", "deployment/demo-frontend", "--replicas=3");
    await settled("suspend");
    await patchAssistant(world, "suspend", "demo", { spec: { suspend: true } });
    await waitCondition(world, { namespace: "suspend", name: "demo" }, "Suspended", "True");
    await eventually("no pod", async () => {
      const pods = await world.list(builtin.Pod, "suspend");
      return pods.filter(({ status }) => status?.phase !== "Succeeded").length === 0;
    });
    const suspended = await waitCondition(world, { namespace: "suspend", name: "demo" }, "Ready", "False", "Suspended");
    expect(suspended.status?.suspendedReplicas).toEqual({ frontend: 3, api: 1 });
    expect(await world.get(builtin.PersistentVolumeClaim, "suspend", "demo-db-data")).toBeDefined();
    await patchAssistant(world, "suspend", "demo", { spec: { suspend: false } });
    await isReady("suspend");
    await settled("suspend");
    expect(await replicas("suspend")).toEqual({ frontend: 3, api: 1, mcp: 2 });
    expect((await isReady("suspend")).status?.suspendedReplicas).toBeUndefined();
  });
});

describe("a change rolls exactly the tiers concerned:", () => {
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
    await world.namespace("roll", { "pod-security.kubernetes.io/enforce": "restricted" });
    await world.client.create(key("one"), { signal: world.signal });
    await createAssistant(world, "roll", "demo", spec);
    await isReady("roll");
    await settled("roll");
  });

  it("an image", async () => {
    expect(
      await rolled("roll", () =>
        patchAssistant(world, "roll", "demo", { spec: { api: { image: "registry.example/api:2" } } }),
      ),
    ).toEqual(["api"]);
    expect((await isReady("roll")).status?.components?.api?.image).toBe("registry.example/api:2");
  });

  it("the model's key, rotated in its Secret: the API alone", async () => {
    const change = () => world.client.apply(key("two"), { signal: world.signal, force: "always" });
    expect(await rolled("roll", change)).toEqual(["api"]);
  });

  it("a Secret that says the same: nothing", async () => {
    const change = () => world.cluster.kubectl("-n", "roll", "label", "secret/llm", "touched=yes");
    expect(await rolled("roll", change)).toEqual([]);
  });

  it("a replica count: nothing", async () => {
    expect(
      await rolled("roll", () => patchAssistant(world, "roll", "demo", { spec: { frontend: { replicas: 2 } } })),
    ).toEqual([]);
    expect((await replicas("roll")).frontend).toBe(2);
  });

  it("the mcp image: the migration first, then the MCP server", async () => {
    const jobs = async () => (await world.list(builtin.Job, "roll")).map(({ metadata }) => metadata.name);
    const before = await jobs();
    expect(
      await rolled("roll", () =>
        patchAssistant(world, "roll", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } }),
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
      volume: (await world.get(builtin.PersistentVolumeClaim, "retain", "demo-db-data"))?.metadata.uid,
      database: (await world.get(builtin.Secret, "retain", "demo-database"))?.data,
      auth: (await world.get(builtin.Secret, "retain", "demo-auth"))?.data,
    });
    const before = await kept();
    await world.client.delete(taskAssistantResource, { namespace: "retain", name: "demo" }, { signal: world.signal });
    await eventually("everything else gone", async () => {
      const left = await Promise.all(CHILD_RESOURCES.map((resource) => world.list(resource, "retain")));
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
    await createAssistant(world, "retain", "demo");
    await isReady("retain");
    expect(await kept()).toEqual(before);
  });

  it("and creation in one breath adopts what is still there", async () => {
    await ready("swift");
    const volume = (await world.get(builtin.PersistentVolumeClaim, "swift", "demo-db-data"))?.metadata.uid;
    const gone = await world.get(taskAssistantResource, "swift", "demo");
    await world.client.delete(taskAssistantResource, { namespace: "swift", name: "demo" }, { signal: world.signal });
    await eventually("gone", async () => (await world.get(taskAssistantResource, "swift", "demo")) === undefined);
    await createAssistant(world, "swift", "demo");
    await isReady("swift");
    await settled("swift");
    const now = await isReady("swift");
    expect(now.metadata.uid).not.toBe(gone?.metadata.uid);
    expect((await world.get(builtin.PersistentVolumeClaim, "swift", "demo-db-data"))?.metadata.uid).toBe(volume);
    for (const child of await world.list(builtin.Deployment, "swift")) {
      expect(child.metadata.ownerReferences?.map(({ uid }) => uid)).toEqual([now.metadata.uid]);
    }
  });

  it("with Delete leaves nothing", async () => {
    const found = await ready("purge", { model: DEMO, deletion: { policy: "Delete" } });
    expect(found.metadata.finalizers).toEqual(["taskassistant.dev/data"]);
    await world.client.delete(taskAssistantResource, { namespace: "purge", name: "demo" }, { signal: world.signal });
    await eventually("nothing left", async () => {
      const left = await Promise.all(
        [...CHILD_RESOURCES, builtin.Pod, taskAssistantResource].map((resource) => world.list(resource, "purge")),
      );
      return left.flat().filter(({ metadata }) => metadata.name !== "default").length === 0;
    });
  });

  it("takes the finalizer away when the policy goes back to Retain", async () => {
    await ready("policy", { model: DEMO, deletion: { policy: "Delete" } });
    await patchAssistant(world, "policy", "demo", { spec: { deletion: null } });
    await eventually("no finalizer", async () => {
      const found = await world.get(taskAssistantResource, "policy", "demo");
      return (found?.metadata.finalizers ?? []).length === 0;
    });
    await settled("policy");
  });
});
