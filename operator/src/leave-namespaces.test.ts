import { expect, it } from "vitest";
import { assistant } from "../test/fixtures/assistant-fixture.ts";
import type { TaskAssistantRestore } from "./api/restores/v1alpha1/index.ts";
import type { TaskAssistantStatus } from "./api/taskassistants/v1alpha1/index.ts";
import { ApiError, type KubeClient, type KubeObject, type Resource } from "./kube/index.ts";
import { leaveNamespaces } from "./leave-namespaces.ts";

const READY = {
  type: "Ready",
  status: "True",
  reason: "Ready",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

/** A cluster with the assistant `demo` in each namespace, and with a lease where it has a holder. */
async function leave(
  leaving: string[],
  holders: Record<string, string | undefined>,
  staying: string[] = [],
  restores: TaskAssistantRestore[] = [],
) {
  const steps: string[] = [];
  const statuses = new Map<string, TaskAssistantStatus>();
  const said: string[] = [];
  const of = (namespace: string, finalizers: string[] = []) => ({
    ...assistant(),
    metadata: { ...assistant().metadata, namespace, finalizers },
    status: { url: "http://x", observedGeneration: 1, conditions: [READY] },
  });
  const client = {
    list: async ({ plural }: Resource, { namespace }: { namespace?: string }) => {
      if (plural === "taskassistantbackups") throw new ApiError({ status: 404, message: "no such kind" });
      if (plural === "taskassistantrestores") return { items: namespace === undefined ? [] : restores };
      if (namespace === "gone") throw new ApiError({ status: 403, message: "forbidden" });
      const names = namespace === undefined ? Object.keys(holders) : [namespace];
      return { items: names.map((name) => of(name, name === "owned" ? ["taskassistant.dev/data"] : [])) };
    },
    get: async (_resource: unknown, { namespace, name }: { namespace: string; name: string }) => {
      const holderIdentity = holders[namespace];
      const metadata = { namespace, name, resourceVersion: "7" };
      return holderIdentity === undefined ? undefined : { kind: "Lease", metadata, spec: { holderIdentity } };
    },
    replace: async (lease: KubeObject & { spec: { holderIdentity: string } }) =>
      void steps.push(
        `lease ${lease.metadata.namespace} ${lease.spec.holderIdentity} ${lease.metadata.resourceVersion}`,
      ),
    applyStatus: async (object: KubeObject & { status: TaskAssistantStatus }) => {
      const { namespace = "", name } = object.metadata;
      steps.push(object.kind === "TaskAssistant" ? `status ${namespace}` : `status ${namespace}/${name}`);
      statuses.set(object.kind === "TaskAssistant" ? namespace : name, object.status);
    },
    mergePatch: async (_resource: unknown, { name }: { name: string }, patch: object) =>
      void steps.push(`patch ${name} ${JSON.stringify(patch)}`),
  } as unknown as KubeClient;
  const settle = async () => void steps.push("settle");
  const now = new Date("2026-01-02T00:00:00Z");
  const say = (line: string) => void said.push(line);
  const given = { leaving, staying, installation: "ops", lease: "l", settle, now, say };
  await leaveNamespaces(client, given, new AbortController().signal);
  return { steps, statuses, said };
}

it("the running operator loses the lease before the resources of a namespace that leaves are marked", async () => {
  const { steps, statuses, said } = await leave(["shop"], { shop: "ops/pod" });
  expect(steps).toEqual(["lease shop left/ops 7", "settle", "status shop"]);
  const ready = statuses.get("shop")?.conditions?.find(({ type }) => type === "Ready");
  expect(ready).toMatchObject({
    status: "Unknown",
    reason: "NotWatched",
    message:
      "No operator watches namespace shop any more. Next: name it in the chart's watchNamespaces again. Or delete it: kubectl -n shop delete ta demo. Its volume and credentials stay.",
  });
  expect(statuses.get("shop")?.url).toBe("http://x");
  expect(said).toEqual([expect.stringContaining("kubectl -n shop describe ta demo")]);
});

it("a resource with a finalizer is told how to get rid of it", async () => {
  const { statuses } = await leave(["owned"], { owned: "ops/pod" });
  expect(statuses.get("owned")?.conditions?.[0]?.message).toContain(
    `kubectl -n owned patch ta demo --type merge -p '{"metadata":{"finalizers":null}}' && kubectl -n owned delete ta demo`,
  );
});

it("a restore at work says that it rests and lets itself be deleted; one that has ended stays as it is", async () => {
  const restore = (name: string, phase: "Running" | "Succeeded"): TaskAssistantRestore => ({
    apiVersion: "taskassistant.dev/v1alpha1",
    kind: "TaskAssistantRestore",
    metadata: { namespace: "shop", name, uid: "u", finalizers: ["taskassistant.dev/restore", "a.example/b"] },
    spec: {
      source: { location: "file:///backups/a/" },
      target: { assistantRef: { name: "demo" }, mode: "InPlace" },
      confirm: "demo",
    },
    status: { phase, step: "Restore" },
  });
  const restores = [restore("undo", "Running"), restore("before", "Succeeded")];
  const { steps, statuses } = await leave(["shop"], { shop: "ops/pod" }, [], restores);
  expect(steps.slice(3)).toEqual([
    "status shop/undo",
    'patch undo {"metadata":{"uid":"u","finalizers":["a.example/b"]}}',
  ]);
  expect(statuses.get("undo")).toMatchObject({ phase: "Running", step: "Restore" });
  expect(statuses.get("undo")?.conditions?.find(({ type }) => type === "Complete")).toMatchObject({
    status: "Unknown",
    reason: "NotWatched",
    message:
      "No operator watches namespace shop any more. Next: name it in the chart's watchNamespaces again, and the work goes on. Until then the services of TaskAssistant demo stay stopped.",
  });
});

it("namespaces that another installation serves, that stay or that can't be read are left alone", async () => {
  const { steps, said } = await leave(["*"], { shop: "other/pod", stay: "ops/pod", free: undefined }, ["stay"]);
  expect(steps).toEqual(["settle", "status free"]);
  expect(said[0]).toContain("served by the operator in namespace other");
  const gone = await leave(["gone"], {});
  expect(gone.steps).toEqual([]);
  expect(gone.said).toEqual([expect.stringContaining("Namespace gone can't be read")]);
});
