import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import type { KubeObject } from "../src/kube/index.ts";
import { assistantHarness } from "./harness/assistant-harness.ts";
import {
  type AnyObject,
  condition,
  createAssistant,
  eventually,
  patchAssistant,
  root,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { operatorHarness } from "./harness/operator-harness.ts";

const harness = operatorHarness("operator-disturbances");
const { deployment, isReady, ready, settled } = assistantHarness(harness);
const OPENAI = { provider: "OpenAICompatible", name: "m", baseURL: "https://llm.example/v1" };

async function message(namespace: string, type: string, status: string, reason: string): Promise<string> {
  const found = await waitCondition(harness(), { namespace, name: "demo" }, type, status, reason);
  return condition(found, type)?.message ?? "";
}

async function apply(...objects: object[]): Promise<void> {
  const input = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
  const { code, stderr } = await harness().cluster.kubectl.run(["apply", "-f", "-"], { input });
  if (code !== 0) throw new Error(stderr);
}

const limitRange = (namespace: string, limits: object) => ({
  apiVersion: "v1",
  kind: "LimitRange",
  metadata: { namespace, name: "limits" },
  spec: { limits: [{ type: "Container", ...limits }] },
});
const quota = (namespace: string, hard: object) => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { namespace, name: "quota" },
  spec: { hard },
});

/** The children of the assistant `demo`, by kind and name. */
async function childrenOf(namespace: string): Promise<Map<string, AnyObject>> {
  const found = await Promise.all(childResources().map((resource) => harness().list(resource, namespace)));
  const ours = found
    .flat()
    .filter(({ metadata }) => metadata.labels?.["app.kubernetes.io/part-of"] === "taskassistant");
  return new Map(ours.map((child) => [`${child.kind}/${child.metadata.name}`, child]));
}

describe.concurrent("the rules of a namespace", () => {
  it("with defaults for resources and a quota let an assistant run, and what they add is not fought over", async () => {
    await harness().namespace("defaults");
    await apply(
      limitRange("defaults", {
        default: { cpu: "300m", memory: "300Mi" },
        defaultRequest: { cpu: "10m", memory: "16Mi" },
      }),
      quota("defaults", { "requests.cpu": "2", "requests.memory": "4Gi", "limits.cpu": "8", "limits.memory": "8Gi" }),
    );
    await createAssistant(harness(), "defaults", "demo");
    await isReady("defaults");
    await settled("defaults");
  });

  it("that ask for more than a pod requests are reported, and met by the resources in the spec", async () => {
    await harness().namespace("minimum");
    await apply(limitRange("minimum", { min: { cpu: "100m" } }));
    await createAssistant(harness(), "minimum", "demo", { model: OPENAI });
    const refused = await message("minimum", "MigrationsApplied", "False", "PodsRefused");
    expect(refused).toMatch(
      /^The pods of Job demo-migrate-\w+ are refused: minimum cpu usage per Container is 100m, but request is 50m/,
    );
    expect(await message("minimum", "Stalled", "True", "UserActionNeeded")).toContain("100m");
    const resources = { requests: { cpu: "100m" } };
    await patchAssistant(harness(), "minimum", "demo", {
      spec: {
        database: { migrations: { resources } },
        frontend: { resources },
        api: { resources },
        mcp: { resources },
      },
    });
    await isReady("minimum");
    await message("minimum", "Stalled", "False", "NotStalled");
  });

  it.each([
    ["Service", "services", { services: "0" }],
    ["PersistentVolumeClaim", "requests.storage", { "requests.storage": "1Mi" }],
  ])("that allow no %s are reported with the server's words, until they do", async (kind, what, hard) => {
    const namespace = `no-${kind.toLowerCase()}`;
    await harness().namespace(namespace);
    await apply(quota(namespace, hard));
    await createAssistant(harness(), namespace, "demo");
    const text = await message(namespace, "Stalled", "True", "ApplyRefused");
    expect(text).toContain(`${kind} demo-`);
    expect(text).toContain(`exceeded quota: quota, requested: ${what}=`);
    expect(text).toContain(`Next: kubectl -n ${namespace} describe resourcequota quota`);
    await harness().cluster.kubectl("-n", namespace, "delete", "resourcequota", "quota");
    await isReady(namespace);
    await message(namespace, "Stalled", "False", "NotStalled");
  });

  it("that a policy keeps are reported with its words, until it is gone", async () => {
    await harness().namespace("policed", { policed: "yes" });
    const group = "admissionregistration.k8s.io/v1";
    const metadata = { name: "no-deployments" };
    const matchConstraints = {
      namespaceSelector: { matchLabels: { policed: "yes" } },
      resourceRules: [
        { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["deployments"] },
      ],
    };
    const validations = [{ expression: "false", message: "Every Deployment needs a cost centre." }];
    await apply(
      {
        apiVersion: group,
        kind: "ValidatingAdmissionPolicy",
        metadata,
        spec: { failurePolicy: "Fail", matchConstraints, validations },
      },
      {
        apiVersion: group,
        kind: "ValidatingAdmissionPolicyBinding",
        metadata,
        spec: { policyName: metadata.name, validationActions: ["Deny"] },
      },
    );
    await eventually("the policy is in force", async () => {
      const attempt = ["create", "deployment", "x", "--image=y", "-n", "policed", "--dry-run=server"];
      return (await harness().cluster.kubectl.run(attempt)).stderr.includes("cost centre");
    });
    await createAssistant(harness(), "policed", "demo");
    const text = await message("policed", "Stalled", "True", "ApplyRefused");
    expect(text).toContain("Deployment demo-");
    expect(text).toContain("Every Deployment needs a cost centre.");
    await harness().cluster.kubectl("delete", "validatingadmissionpolicybinding", metadata.name);
    await isReady("policed");
  });
});

describe.concurrent("children", () => {
  it("restored from a backup with an owner that no longer exists belong to the new resource", async () => {
    await ready("restored");
    await settled("restored");
    const before = await childrenOf("restored");
    const { client, signal } = harness();
    await harness().cluster.kubectl("-n", "restored", "delete", "ta", "demo");
    await eventually("only data and credentials", async () => (await childrenOf("restored")).size === 3);
    // Nothing collects these before the resource exists, as with a restore that creates many objects at once.
    const restored = ["Service/demo-api", "Deployment/demo-api", "Secret/demo-exchange", "NetworkPolicy/demo-api"];
    for (const id of restored) {
      const { status: _, ...object } = before.get(id)!;
      const { resourceVersion: _version, uid: _uid, ...metadata } = object.metadata;
      if (object.spec?.clusterIP !== undefined)
        object.spec = { ...object.spec, clusterIP: undefined, clusterIPs: undefined };
      await client.create({ ...object, metadata } as KubeObject, { signal });
    }
    await createAssistant(harness(), "restored", "demo");
    const { metadata } = await isReady("restored");
    await eventually("all of them belong to the new resource", async () => {
      const now = await childrenOf("restored");
      return restored.every((id) => now.get(id)?.metadata.ownerReferences?.[0]?.uid === metadata.uid);
    });
    await settled("restored");
    for (const id of ["PersistentVolumeClaim/demo-db-data", "Secret/demo-database", "Secret/demo-auth"]) {
      expect((await childrenOf("restored")).get(id)?.metadata.uid, id).toBe(before.get(id)!.metadata.uid);
    }
  });
});

/** Ends the API server as a crash would. The cluster's supervisor starts it again. */
function killApiServer(): void {
  const status = JSON.parse(readFileSync(join(harness().cluster.dir, "status.json"), "utf8"));
  process.kill(status.processes["kube-apiserver"].pid, "SIGKILL");
}
const answers = async () => (await harness().cluster.kubectl.run(["get", "--raw", "/readyz"])).code === 0;

describe("the API server", () => {
  it("may die again and again: the last spec is carried out, and nothing else is written", async () => {
    await ready("outage");
    for (const round of ["1", "2", "3", "4"]) {
      killApiServer();
      await eventually("the API server answers", answers);
      await patchAssistant(harness(), "outage", "demo", {
        spec: { api: { env: [{ name: "LOG_LEVEL", value: round === "4" ? "warn" : "debug" }] } },
      });
    }
    await eventually("the last spec", async () =>
      JSON.stringify((await deployment("outage", "api")).spec).includes('{"name":"LOG_LEVEL","value":"warn"}'),
    );
    await settled("outage");
  });

  it("may lose the definition, and with it every resource: what is created afterwards is served", async () => {
    await ready("undefined");
    const claim = () => harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, "undefined", "demo-db-data");
    const before = (await claim())?.metadata.uid;
    await harness().cluster.kubectl("delete", "crd", "taskassistants.taskassistant.dev");
    await eventually("only data and credentials", async () => (await childrenOf("undefined")).size === 3);
    await harness().cluster.kubectl("apply", "-f", join(root, "crds/taskassistants.yaml"));
    await eventually("the definition", async () => {
      const created = createAssistant(harness(), "undefined", "demo");
      return created.then(
        () => true,
        () => false,
      );
    });
    await isReady("undefined");
    expect((await claim())?.metadata.uid).toBe(before);
  });
});
