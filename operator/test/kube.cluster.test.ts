import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startControlPlane } from "@taskassistant/cluster";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import {
  builtin,
  createClient,
  createTransport,
  isAlreadyExists,
  isConflict,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  type ObjectMeta,
  type RawObject,
  type Transport,
} from "../src/kube/index.ts";
import {
  createEventRecorder,
  createManager,
  createMetricsRegistry,
  type ManagerDeps,
  systemClock,
} from "../src/runtime/index.ts";
import { type ConfigMap, recordingLog, until } from "./fixtures/kube-fixture.ts";

const dir = mkdtempSync(join(tmpdir(), "ta-kube-client-"));
const signal = new AbortController().signal;
let cluster: Cluster;
let transport: Transport;
let client: KubeClient;

/** A client as the operator creates it, over TLS with the cluster's certificates. */
async function connect(fieldManager: string): Promise<{ transport: Transport; client: KubeClient }> {
  const config = await loadKubeConfig({ env: {}, path: cluster.kubeconfig });
  const made = createTransport({ config, userAgent: fieldManager });
  return {
    transport: made,
    client: createClient({
      transport: made,
      resources: [...Object.values(builtin), ...childResources()],
      fieldManager,
    }),
  };
}

beforeAll(async () => {
  cluster = await startControlPlane({ name: "kube-client", dir });
  ({ transport, client } = await connect("taskassistant-operator"));
}, 120_000);
afterAll(async () => {
  await transport?.close();
  await cluster?.stop();
  rmSync(dir, { recursive: true, force: true });
});

const meta = (name: string, more: Partial<ObjectMeta> = {}): ObjectMeta => ({ namespace: "default", name, ...more });
const map = (name: string, data: Record<string, string>, more: Partial<ObjectMeta> = {}): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: meta(name, more),
  data,
});

function deployment(name: string, replicas?: number): KubeObject {
  const labels = { app: name };
  const spec = {
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: "c", image: "none" }] } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: meta(name),
    spec: { ...spec, ...(replicas === undefined ? {} : { replicas }) },
  } as KubeObject;
}

describe("apply", () => {
  it("creates an object, changes nothing when nothing changed, and gives up a field that is left out", async () => {
    const first = await client.apply(map("applied", { a: "1", b: "2" }), { signal });
    const same = await client.apply(map("applied", { a: "1", b: "2" }), { signal });
    expect(same.object.metadata.resourceVersion).toBe(first.object.metadata.resourceVersion);
    const less = await client.apply(map("applied", { a: "1" }), { signal });
    expect(less.object.data).toEqual({ a: "1" });
  });

  it("reports which manager holds which field, and takes the field over once", async () => {
    await client.apply(deployment("contested", 1), { signal });
    await cluster.kubectl("scale", "deployment", "contested", "--replicas=5");
    const { object, taken } = await client.apply(deployment("contested", 1), { signal });
    expect(taken).toEqual([{ manager: "kubectl", field: ".spec.replicas" }]);
    expect((object as unknown as RawObject).spec).toMatchObject({ replicas: 1 });
    expect((await client.apply(deployment("contested", 1), { signal })).taken).toEqual([]);
  });

  it("leaves the other manager's field when it must not force", async () => {
    await client.apply(deployment("spared", 1), { signal });
    await cluster.kubectl("scale", "deployment", "spared", "--replicas=5");
    const attempt = client.apply(deployment("spared", 2), { signal, force: "never" });
    await expect(attempt).rejects.toSatisfy(isConflict);
    const live = await client.get<RawObject>(CHILD_KINDS.Deployment.resource, meta("spared"), { signal });
    expect(live?.spec).toMatchObject({ replicas: 5 });
  });

  it("is refused because of an unknown field instead of dropping the field", async () => {
    const typo = { ...deployment("typo", 1), spec: { replicaz: 1 } };
    await expect(client.apply(typo, { signal })).rejects.toThrow("replicaz");
  });

  it("of a status changes nothing but the status", async () => {
    const { metadata } = (await client.apply(deployment("status", 1), { signal })).object;
    const condition = {
      type: "Checked",
      status: "True",
      reason: "Test",
      message: "m",
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    const status = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: meta("status"),
      status: { conditions: [condition] },
    };
    const { object } = await client.applyStatus<KubeObject>(status, { signal, fieldManager: "status-test" });
    expect((object as RawObject).status).toMatchObject({
      conditions: expect.arrayContaining([expect.objectContaining({ type: "Checked" })]),
    });
    expect(object.metadata.generation).toBe(metadata.generation);
  });
});

describe("other calls", () => {
  it("create an object once, replace it by version, patch it and delete it by identity", async () => {
    const created = await client.create(map("once", { a: "1" }), { signal });
    await expect(client.create(map("once", { a: "2" }), { signal })).rejects.toSatisfy(isAlreadyExists);
    const replaced = await client.replace({ ...created, data: { a: "3" } }, { signal });
    await expect(client.replace({ ...created, data: { a: "4" } }, { signal })).rejects.toSatisfy(isConflict);
    const patched = await client.mergePatch<RawObject>(
      builtin.ConfigMap,
      meta("once"),
      { data: { b: "5" } },
      { signal },
    );
    expect(patched.data).toEqual({ a: "3", b: "5" });
    const stale = { resourceVersion: replaced.metadata.resourceVersion ?? "" };
    await expect(client.delete(builtin.ConfigMap, meta("once"), { signal, preconditions: stale })).rejects.toSatisfy(
      isConflict,
    );
    const identity = { uid: created.metadata.uid ?? "" };
    expect(await client.delete(builtin.ConfigMap, meta("once"), { signal, preconditions: identity })).toBe(true);
    expect(await client.delete(builtin.ConfigMap, meta("once"), { signal })).toBe(false);
  });

  it("list the same objects page by page as in one piece", async () => {
    for (let count = 0; count < 12; count += 1)
      await client.create(map(`page-${count}`, {}, { labels: { paged: "yes" } }), { signal });
    const paging = createClient({ transport, resources: [], fieldManager: "x", pageSize: 5 });
    const selection = { namespace: "default", labelSelector: "paged=yes", signal };
    const whole = await client.list(builtin.ConfigMap, selection);
    expect((await paging.list(builtin.ConfigMap, selection)).items).toEqual(whole.items);
    expect(whole.items).toHaveLength(12);
    expect(whole.items[0]).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" });
  });
});

describe("a manager", () => {
  async function open(more: Partial<ManagerDeps> = {}, name = "managed") {
    const own = await connect(name);
    const manager = createManager({
      client: own.client,
      namespaces: ["default"],
      log: recordingLog(),
      metrics: createMetricsRegistry(),
      ...more,
    });
    const cache = manager.watch<RawObject>({ resource: builtin.ConfigMap, labelSelector: { app: name } });
    return { manager, cache, close: () => own.transport.close() };
  }

  function run({ manager, cache }: Awaited<ReturnType<typeof open>>, note: (text: string) => void) {
    const stop = new AbortController();
    manager.add({
      name: "maps",
      primary: { watch: cache },
      async reconcile(key, { client: writer, signal: deadline }) {
        note(key.name);
        await writer.apply(map(`${key.name}-child`, { of: key.name }), { signal: deadline });
        return {};
      },
    });
    const outcome = manager.run({ signal: stop.signal });
    return { outcome, stop: () => stop.abort() };
  }

  it("reconciles changes, and sends no requests once it has", async () => {
    const opened = await open();
    const { manager, cache, close } = opened;
    const seen: string[] = [];
    const { outcome, stop } = run(opened, (name) => void seen.push(name));
    await until(() => manager.ready().length === 0);
    await cluster.api.request(
      "POST",
      "/api/v1/namespaces/default/configmaps",
      map("parent", {}, { labels: { app: "managed" } }),
    );
    await until(() => seen.length === 1);
    expect(cache.get({ namespace: "default", name: "parent" })?.metadata.managedFields).toBeUndefined();
    await until(() => existingChild("parent-child"));
    const written = () =>
      readFileSync(cluster.auditLog, "utf8")
        .split("\n")
        .filter((line) => line.includes('"userAgent":"managed"') && !line.includes('"verb":"watch"')).length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = written();
    await new Promise((resolve) => setTimeout(resolve, 2000));
    expect(written()).toBe(before);
    stop();
    await outcome;
    await close();
  });

  function existingChild(name: string): boolean {
    return readFileSync(cluster.auditLog, "utf8").includes(`/configmaps/${name}`);
  }

  it("hands the lease over to a waiting manager whose caches are filled", async () => {
    const lease = { namespace: "default", name: "operator-lease" };
    const first = await open({ leaderElection: { lease, identity: "first" } }, "lease-test");
    const second = await open({ leaderElection: { lease, identity: "second" } }, "lease-test");
    await client.create(map("led", {}, { labels: { app: "lease-test" } }), { signal });
    const acts: string[] = [];
    const one = run(first, (name) => void acts.push(`first ${name}`));
    await until(() => acts.length === 1);
    const two = run(second, (name) => void acts.push(`second ${name}`));
    await until(() => second.manager.ready().length === 0 && second.cache.size === 1);
    one.stop();
    await one.outcome;
    await until(() => second.manager.isLeader() && acts.length === 2);
    expect(acts).toEqual(["first led", "second led"]);
    two.stop();
    await two.outcome;
    const held = await client.get<RawObject>(builtin.Lease, lease, { signal });
    expect(held?.spec).toMatchObject({ holderIdentity: "", leaseTransitions: 1 });
    await Promise.all([first.close(), second.close()]);
  });
});

it("the recorder writes an Event that kubectl shows, and its repetitions as a series", async () => {
  const regarding = await client.create(map("eventful", {}), { signal });
  const recorder = createEventRecorder({
    client,
    controller: "taskassistant.dev/operator",
    instance: "test",
    clock: systemClock(),
    log: recordingLog(),
  });
  const note = { regarding, type: "Warning", reason: "Broken", action: "Check", note: "it is broken" } as const;
  recorder.record(note);
  recorder.record(note);
  recorder.record(note);
  await recorder.flush(signal);
  expect(await cluster.kubectl("events", "--for", "configmap/eventful")).toMatch(
    /Warning\s+Broken\s+ConfigMap\/eventful\s+it is broken/,
  );
  const { items } = await client.list<RawObject>(builtin.Event, { namespace: "default", signal });
  const event = items.find(({ reason }) => reason === "Broken");
  expect(event?.series).toMatchObject({ count: 3 });
});
