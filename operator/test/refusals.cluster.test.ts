import { describe, expect, it } from "vitest";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { builtin, type KubeObject } from "../src/kube/index.ts";
import { operatorRequests } from "./harness/audit.ts";
import { condition, createAssistant, eventually, patchAssistant, waitCondition } from "./harness/cluster-harness.ts";
import { operatorHarness } from "./harness/operator-harness.ts";

const harness = operatorHarness("operator-refusals");
const DEMO = { provider: "Demo" };
const OPENAI = { provider: "OpenAICompatible", name: "m", baseURL: "https://llm.example/v1" };

async function create(namespace: string, spec: object = { model: DEMO }): Promise<void> {
  await createAssistant(harness(), namespace, "demo", spec);
}

async function message(namespace: string, type: string, status: string, reason: string): Promise<string> {
  const found = await waitCondition(harness(), { namespace, name: "demo" }, type, status, reason);
  return condition(found, type)?.message ?? "";
}

async function kubectl(object: object): Promise<void> {
  const { code, stderr } = await harness().cluster.kubectl.run(["apply", "-f", "-"], { input: JSON.stringify(object) });
  if (code !== 0) throw new Error(stderr);
}

const quota = (namespace: string, name: string, hard: object) => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { namespace, name },
  spec: { hard },
});

describe.concurrent("what the cluster refuses", () => {
  it("is reported for the pods of StatefulSet and Job with the server's words, until it is allowed", async () => {
    await harness().namespace("pods");
    await kubectl(quota("pods", "none", { pods: "0" }));
    await create("pods", { model: OPENAI });
    const refused = await message("pods", "DatabaseReady", "False", "PodsRefused");
    expect(refused).toMatch(/^The pods of StatefulSet demo-db are refused: exceeded quota: none, requested: pods=1/);
    expect(refused).toContain("Next: kubectl -n pods describe resourcequota none");
    await message("pods", "Stalled", "True", "UserActionNeeded");
    await kubectl(quota("pods", "none", { pods: "1" }));
    expect(await message("pods", "MigrationsApplied", "False", "PodsRefused")).toMatch(
      /^The pods of Job demo-migrate-\w+ are refused: exceeded quota: none/,
    );
    await harness().cluster.kubectl("-n", "pods", "delete", "resourcequota", "none");
    await message("pods", "Ready", "True", "Ready");
    await message("pods", "Stalled", "False", "NotStalled");
  });

  it("is reported for the pods of a Deployment", async () => {
    await harness().namespace("deployment");
    await kubectl(quota("deployment", "none", { pods: "0" }));
    await create("deployment");
    expect(await message("deployment", "ModelReachable", "False", "PodsRefused")).toMatch(
      /^The pods of Deployment demo-model are refused: exceeded quota: none/,
    );
  });

  it("does not keep the status and the other children from being written, here with a webhook that is down", async () => {
    await harness().namespace("hooked");
    await kubectl({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name: "down" },
      webhooks: [
        {
          name: "validate.down.example",
          clientConfig: { url: "https://127.0.0.1:1/" },
          rules: [
            { apiGroups: ["networking.k8s.io"], apiVersions: ["v1"], operations: ["*"], resources: ["ingresses"] },
          ],
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "hooked" } },
          failurePolicy: "Fail",
          sideEffects: "None",
          admissionReviewVersions: ["v1"],
        },
      ],
    });
    await create("hooked", { model: DEMO, exposure: { type: "Ingress", host: "a.example" } });
    const text = await message("hooked", "Stalled", "True", "ApplyRefused");
    expect(text).toContain('Ingress demo: Internal error occurred: failed calling webhook "validate.down.example"');
    expect(text).toContain("Next: kubectl get validatingwebhookconfigurations");
    expect(await message("hooked", "Ready", "False", "ApplyRefused")).toBe(text);
    await message("hooked", "FrontendAvailable", "True", "Available");
    const events = await harness().list(builtin.Event, "hooked");
    expect(events.map(({ reason }) => reason)).toContain("ApplyRefused");
    await harness().cluster.kubectl("delete", "validatingwebhookconfiguration", "down");
    await message("hooked", "Ready", "True", "Ready");
  });

  it("is reported for Secrets, though their values never are", async () => {
    await harness().namespace("nosecrets");
    await kubectl(quota("nosecrets", "none", { secrets: "0" }));
    await create("nosecrets");
    const text = await message("nosecrets", "Stalled", "True", "ApplyRefused");
    expect(text).toMatch(/^Secret demo-database: .*exceeded quota: none, requested: secrets=1/);
    expect(text).toContain("Next: kubectl -n nosecrets describe resourcequota none");
    await harness().cluster.kubectl("-n", "nosecrets", "delete", "resourcequota", "none");
    await message("nosecrets", "Ready", "True", "Ready");
  });

  it("is named with the class when it is the growth of the volume, and the old size may be written back", async () => {
    await harness().namespace("grow");
    await kubectl({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "fixed" },
      provisioner: "kubernetes.io/no-provisioner",
    });
    await kubectl({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "fixed" },
      spec: {
        capacity: { storage: "5Gi" },
        accessModes: ["ReadWriteOnce"],
        storageClassName: "fixed",
        hostPath: { path: "/nowhere" },
      },
    });
    const storage = (size: string) => ({ managed: { storage: { size, storageClassName: "fixed" } } });
    await create("grow", { model: DEMO, database: storage("5Gi") });
    await message("grow", "Ready", "True", "Ready");
    const claim = () => harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, "grow", "demo-db-data");
    await eventually("the claim is bound", async () => (await claim())?.status?.phase === "Bound");
    await patchAssistant(harness(), "grow", "demo", { spec: { database: storage("6Gi") } });
    const text = await message("grow", "Stalled", "True", "VolumeNotExpandable");
    expect(text).toMatch(
      /^Volume claim demo-db-data stays at 5Gi, because storage class fixed does not let it grow to 6Gi: /,
    );
    await message("grow", "Ready", "True", "Ready");
    await patchAssistant(harness(), "grow", "demo", { spec: { database: storage("5Gi") } });
    await message("grow", "Stalled", "False", "NotStalled");
    await message("grow", "Ready", "True", "Ready");
  });
});

describe.concurrent("what others do to the objects", () => {
  it("on the way of a Job into the cluster is theirs: the Job is not applied again", async () => {
    await harness().namespace("mutated", { mutate: "jobs" });
    const policy = {
      apiVersion: "admissionregistration.k8s.io/v1beta1",
      kind: "MutatingAdmissionPolicy",
      metadata: { name: "mutate-jobs" },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { mutate: "jobs" } },
          resourceRules: [{ apiGroups: ["batch"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["jobs"] }],
        },
        reinvocationPolicy: "Never",
        mutations: [
          {
            patchType: "JSONPatch",
            jsonPatch: {
              expression:
                '[JSONPatch{op: "replace", path: "/spec/template/spec/containers/0/image", value: "mirror.example/x"}]',
            },
          },
        ],
      },
    };
    const version = (await harness().cluster.kubectl("api-versions")).includes("admissionregistration.k8s.io/v1beta1")
      ? "admissionregistration.k8s.io/v1beta1"
      : "admissionregistration.k8s.io/v1";
    await kubectl({ ...policy, apiVersion: version });
    await kubectl({
      apiVersion: version,
      kind: "MutatingAdmissionPolicyBinding",
      metadata: { name: "mutate-jobs" },
      spec: { policyName: "mutate-jobs" },
    });
    await eventually("the policy is in force", async () => {
      const { stdout } = await harness().cluster.kubectl.run(
        ["create", "job", "x", "--image=y", "-n", "mutated", "--dry-run=server", "-o", "yaml"],
        {},
      );
      return stdout.includes("mirror.example/x");
    });
    await create("mutated");
    await message("mutated", "Ready", "True", "Ready");
    const jobs = await harness().list(CHILD_KINDS.Job.resource, "mutated");
    expect(jobs.map(({ spec }) => spec.template.spec.containers[0].image)).toEqual(["mirror.example/x"]);
    await message("mutated", "Stalled", "False", "NotStalled");
  });

  it("to a claim that is still being deleted makes a new assistant wait, and not miss credentials", async () => {
    await harness().namespace("dying");
    const metadata = { namespace: "dying", name: "demo-db-data", finalizers: ["example.dev/hold"] };
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    const ref = { namespace: "dying", name: "demo-db-data" };
    const { client, signal } = harness();
    const claims = CHILD_KINDS.PersistentVolumeClaim.resource;
    const old = await client.create<KubeObject>(
      { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec } as KubeObject,
      { signal },
    );
    await client.delete(claims, ref, { signal });
    await create("dying");
    expect(await message("dying", "DatabaseReady", "False", "Waiting")).toContain(
      "Volume claim demo-db-data of an earlier TaskAssistant is being deleted.",
    );
    const left = (await client.get<KubeObject>(claims, ref, { signal }))?.metadata.finalizers ?? [];
    const finalizers = left.filter((each) => each !== "example.dev/hold");
    await client.mergePatch(claims, ref, { metadata: { finalizers } }, { signal });
    await message("dying", "Ready", "True", "Ready");
    expect((await harness().get(claims, "dying", "demo-db-data"))?.metadata.uid).not.toBe(old.metadata.uid);
  });
});

it("the API server leaves out the Secrets of Helm and of registries, and sends the others in small pages", () => {
  const lists = operatorRequests(harness()).filter(
    ({ verb, objectRef }) => verb === "list" && objectRef?.resource === "secrets",
  );
  expect(lists.length).toBeGreaterThan(0);
  for (const { requestURI } of lists) {
    const { searchParams } = new URL(requestURI, "http://x");
    expect(searchParams.get("fieldSelector")).toContain("type!=helm.sh/release.v1");
    expect(searchParams.get("limit")).toBe("10");
  }
});
