import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type TaskAssistant, taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { shownField } from "../src/assistants/report/shown-values.ts";
import { CHILD_KINDS, changesBetween, childResources } from "../src/kinds/index.ts";
import { builtin, type KubeObject } from "../src/kube/index.ts";
import { assistantHarness } from "./harness/assistant-harness.ts";
import {
  type AnyObject,
  assistantObject,
  condition,
  eventually,
  patchAssistant,
  secret,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { operatorHarness } from "./harness/operator-harness.ts";

const harness = operatorHarness("operator-frozen");

const { deployment, isReady, ready, rolled, settled, writes } = assistantHarness(harness);
const DEMO = { provider: "Demo" };
const RECONCILE = "taskassistant.dev/reconcile";
const PLAN = "taskassistant.dev/plan";

const annotate = (namespace: string, annotations: Record<string, string | null>) =>
  patchAssistant(harness(), namespace, "demo", { metadata: { annotations } });

const current = (namespace: string) =>
  harness().client.get<TaskAssistant>(taskAssistantResource, { namespace, name: "demo" }, { signal: harness().signal });

/** The writes to anything but the status and Events, without those that only ask. */
const realWrites = (namespace: string) =>
  writes(namespace).filter(
    ({ objectRef, requestURI }) =>
      objectRef?.resource !== "events" && objectRef?.subresource !== "status" && !requestURI.includes("dryRun=All"),
  );

/** Every child but Secrets, by kind and name. */
async function children(namespace: string): Promise<Map<string, AnyObject>> {
  const found = await Promise.all(
    childResources()
      .filter(({ kind }) => kind !== "Secret")
      .map(async ({ kind, ...resource }) =>
        (await harness().list({ kind, ...resource }, namespace)).map((each) => ({ ...each, kind })),
      ),
  );
  const ours = found.flat().filter(({ metadata }) => metadata.name !== "default");
  return new Map(ours.map((each) => [`${each.kind} ${each.metadata.name}`, each]));
}

describe.concurrent("a paused assistant", () => {
  it("is left alone in everything, told as Paused, and brought up to date when the pause ends", async () => {
    await ready("pause");
    await settled("pause");
    await annotate("pause", { [RECONCILE]: "disabled" });
    await waitCondition(harness(), { namespace: "pause", name: "demo" }, "Ready", "True", "Paused");
    const before = realWrites("pause").length;
    await patchAssistant(harness(), "pause", "demo", { spec: { mcp: { image: "registry.example/mcp:2" } } });
    const signal = harness().signal;
    await harness().client.delete(CHILD_KINDS.Service.resource, { namespace: "pause", name: "demo-api" }, { signal });
    await harness().client.delete(
      CHILD_KINDS.Secret.resource,
      { namespace: "pause", name: "demo-exchange" },
      { signal },
    );
    await waitCondition(harness(), { namespace: "pause", name: "demo" }, "Reconciling", "True", "Paused");
    await sleep(5_000);
    expect(realWrites("pause").slice(before)).toEqual([]);
    const paused = await current("pause");
    expect(condition(paused, "Paused")).toMatchObject({ status: "True", observedGeneration: 2 });
    expect(condition(paused, "Ready")).toMatchObject({ status: "True", reason: "Paused" });
    const printed = await harness().cluster.kubectl("-n", "pause", "get", "ta", "demo");
    expect(printed).toMatch(/demo\s+True\s+Paused/);

    await annotate("pause", { [RECONCILE]: null });
    await settled("pause");
    expect((await deployment("pause", "mcp")).spec.template.spec.containers[0].image).toBe("registry.example/mcp:2");
    expect(await harness().get(CHILD_KINDS.Service.resource, "pause", "demo-api")).toBeDefined();
    expect(condition(await current("pause"), "Paused")).toMatchObject({ status: "False", reason: "NotPaused" });
  });

  it.each([
    ["gone", RECONCILE, "disabled"],
    ["gone-planned", PLAN, "true"],
  ])("can be deleted, and then keeps its data whatever the policy says (%s)", async (namespace, annotation, value) => {
    await ready(namespace, { model: DEMO, deletion: { policy: "Delete" } });
    await annotate(namespace, { [annotation]: value });
    await waitCondition(harness(), { namespace, name: "demo" }, "Ready", "True");
    const { signal } = harness();
    await harness().client.delete(taskAssistantResource, { namespace, name: "demo" }, { signal });
    await eventually("gone", async () => (await current(namespace)) === undefined, 30_000);
    const claim = await harness().get(CHILD_KINDS.PersistentVolumeClaim.resource, namespace, "demo-db-data");
    expect(claim?.metadata.deletionTimestamp).toBeUndefined();
    expect(claim).toBeDefined();
    expect(await harness().get(CHILD_KINDS.Secret.resource, namespace, "demo-database")).toBeDefined();
    const told = await eventually("the Event", async () =>
      (await harness().list(builtin.Event, namespace)).find(({ reason }) => reason === "DataKept"),
    );
    expect(told.note).toContain("kubectl");
  });

  it("does not hold up its namespace", async () => {
    await ready("ends", { model: DEMO, deletion: { policy: "Delete" } });
    await annotate("ends", { [RECONCILE]: "disabled" });
    await harness().client.delete(builtin.Namespace, { name: "ends" }, { signal: harness().signal });
    await eventually("no assistant", async () => (await current("ends")) === undefined, 60_000);
  });
});

describe("restartedAt", () => {
  it("restarts the tiers once for each value, not the database, and not again when it is removed", async () => {
    await ready("restart");
    await settled("restart");
    const at = (value: string | null) => () => annotate("restart", { "taskassistant.dev/restartedAt": value });
    const database = async () =>
      (await harness().get(CHILD_KINDS.StatefulSet.resource, "restart", "demo-db"))?.metadata.generation;
    const generation = await database();
    expect((await rolled("restart", at("2026-11-27T08:00:00Z"))).toSorted()).toEqual(["api", "frontend", "mcp"]);
    const once = (await deployment("restart", "api")).metadata.generation;
    expect(await rolled("restart", at("2026-11-27T08:00:00Z"))).toEqual([]);
    expect((await rolled("restart", at("2026-11-27T09:00:00Z"))).toSorted()).toEqual(["api", "frontend", "mcp"]);
    expect((await deployment("restart", "api")).metadata.generation).toBe((once ?? 0) + 1);
    expect(await rolled("restart", at(null))).toEqual([]);
    expect(
      await rolled("restart", () =>
        harness().cluster.kubectl("-n", "restart", "rollout", "restart", "deploy/demo-api"),
      ),
    ).toEqual(["api"]);
    await settled("restart");
    const { annotations } = (await deployment("restart", "api")).spec.template.metadata;
    expect(annotations["kubectl.kubernetes.io/restartedAt"]).toBeDefined();
    expect(await database()).toBe(generation);
  });
});

describe("a plan", () => {
  const SECRETS = ["PLANTED-model-key-1", "PLANTED-model-key-2", "PLANTED-env-old", "PLANTED-env-new", "PLANTED-note"];
  const spec = (more: object = {}) => ({
    model: {
      provider: "OpenAICompatible",
      name: "m",
      baseURL: "https://llm.example/v1",
      apiKeySecretRef: { name: "llm", key: "apiKey" },
    },
    ...more,
  });

  /** Each takes the spec from the one before it. */
  const CHANGES: readonly (readonly [string, object])[] = [
    ["an image, with the migration that comes with it", spec({ mcp: { image: "registry.example/mcp:2" } })],
    [
      "variables, labels and annotations that are added",
      spec({
        api: {
          env: [{ name: "LOG_LEVEL", value: "PLANTED-env-old" }],
          podMetadata: { labels: { team: "a" }, annotations: { "example.com/note": "PLANTED-note" } },
        },
        inheritedMetadata: { labels: { "example.com/team": "a" } },
      }),
    ],
    [
      "values that change, and fields that are removed",
      spec({
        api: {
          env: [{ name: "LOG_LEVEL", value: "PLANTED-env-new" }],
          replicas: 2,
          scheduling: { nodeSelector: { "kubernetes.io/os": "linux" } },
        },
      }),
    ],
    ["a count that is given up, and a node selector that is removed", spec()],
    [
      "a Deployment and a Service that go, and an Ingress that comes",
      { model: DEMO, exposure: { type: "Ingress", host: "tasks.example.com" } },
    ],
    ["a suspension", { model: DEMO, exposure: { type: "Ingress", host: "tasks.example.com" }, suspend: true }],
  ];

  it("equals what is done once it is carried out, follows the spec meanwhile, and shows no value that is secret", async () => {
    const { client, signal } = harness();
    await harness().namespace("plan", { "pod-security.kubernetes.io/enforce": "restricted" });
    await secret(harness(), "plan", "llm", { apiKey: "PLANTED-model-key-1" });
    await client.create(assistantObject("plan", "demo", spec()), { signal });
    await isReady("plan");
    await settled("plan");
    const shown: string[] = [];

    async function planned(generation: number | undefined) {
      const found = await eventually("the plan", async () => {
        const plan = (await current("plan"))?.status?.plan;
        return plan?.generation === generation ? plan : undefined;
      });
      shown.push(JSON.stringify((await current("plan"))?.status));
      return found;
    }

    for (const [what, changed] of CHANGES) {
      await annotate("plan", { [PLAN]: "true" });
      const before = await children("plan");
      const count = realWrites("plan").length;
      // A spec that is wished for only in between shows that the plan follows.
      await patchAssistant(harness(), "plan", "demo", { spec: { agent: { maxSteps: 63 } } });
      const passing = await planned((await current("plan"))?.metadata.generation);
      expect(passing.changes?.map(({ summary }) => summary).join()).toContain("-> 63");
      const object = (await current("plan")) as unknown as KubeObject;
      await client.replace({ ...object, spec: changed } as KubeObject, { signal });
      const plan = await planned((await current("plan"))?.metadata.generation);
      expect(condition(await current("plan"), "Reconciling"), what).toMatchObject({ reason: "PlanWaits" });
      await sleep(1_000);
      expect(realWrites("plan").slice(count), what).toEqual([]);
      expect(plan.moreChanges).toBeUndefined();

      await annotate("plan", { [PLAN]: null });
      await eventually("carried out", async () => (await current("plan"))?.status?.plan === undefined);
      await quiet("plan");
      const after = await children("plan");
      const done = [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
        const [was, is] = [before.get(id), after.get(id)];
        if (was === undefined || is === undefined) return [{ id: `${was === undefined ? "Create" : "Remove"} ${id}` }];
        const fields = changesBetween(was, is).map(shownField);
        return fields.length === 0 ? [] : [{ id: `Change ${id}`, fields: sorted(fields) }];
      });
      const expected = (plan.changes ?? []).map(({ action, kind, name, fields = [], moreFields }) => ({
        id: `${action} ${kind} ${name}`,
        ...(action === "Change" ? { fields: sorted(fields) } : {}),
        ...(moreFields === undefined ? {} : { moreFields }),
      }));
      expect(byId(expected), what).toEqual(byId(done));
    }

    await annotate("plan", { [PLAN]: "true" });
    await patchAssistant(harness(), "plan", "demo", { spec: { ...spec(), suspend: false } });
    await secret(harness(), "plan", "llm", { apiKey: "PLANTED-model-key-2" });
    await planned((await current("plan"))?.metadata.generation);
    const described = await harness().cluster.kubectl("-n", "plan", "describe", "ta", "demo");
    shown.push(described, JSON.stringify(await harness().list(builtin.Event, "plan")));
    for (const text of shown) for (const value of SECRETS) expect(status(text)).not.toContain(value);
    expect(described).toContain("Change Deployment demo-api");
  });

  it("of a resource that is new creates nothing until it is carried out", async () => {
    await harness().namespace("planned", { "pod-security.kubernetes.io/enforce": "restricted" });
    const object = assistantObject("planned", "demo");
    const metadata = { ...object.metadata, annotations: { [PLAN]: "true" } };
    await harness().client.create({ ...object, metadata } as KubeObject, { signal: harness().signal });
    const found = await eventually("the plan", async () => (await current("planned"))?.status?.plan);
    expect(found.summary).toMatch(/^\d+ to create\. No pod restarts\. A migration runs\.$/);
    await sleep(2_000);
    expect(await children("planned")).toEqual(new Map());
    const lines = await harness().cluster.kubectl(
      ...["-n", "planned", "get", "ta", "demo", "-o"],
      'jsonpath={range .status.plan.changes[*]}{.summary}{"\\n"}{end}',
    );
    expect(lines).toContain("Create Deployment demo-api\n");
    await annotate("planned", { [PLAN]: null });
    await isReady("planned");
  });

  async function quiet(namespace: string): Promise<void> {
    let count = -1;
    await eventually("quiet", async () => {
      const now = writes(namespace).length;
      if (now === count) return true;
      count = now;
      await sleep(3_000);
      return false;
    });
  }
});

const sorted = (fields: readonly { readonly path: string }[]) =>
  fields.toSorted((a, b) => a.path.localeCompare(b.path));
const byId = (changes: readonly { readonly id: string }[]) => changes.toSorted((a, b) => a.id.localeCompare(b.id));

/** What `kubectl describe` prints of the resource's own spec is what its author wrote. */
const status = (text: string) => text.slice(Math.max(0, text.indexOf("\nStatus:")));
