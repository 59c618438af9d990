import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, startControlPlane } from "@taskassistant/cluster";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  builtin,
  createClient,
  createTransport,
  type KubeClient,
  type KubeObject,
  loadKubeConfig,
  type Transport,
} from "../src/kube/index.ts";
import { createManager, createMetricsRegistry, systemClock, type Watch } from "../src/runtime/index.ts";
import { recordingLog, until, widgets } from "./fixtures/kube-fixture.ts";

/** The definition of `widgets`. Its validation accepts every object. */
const definition = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${widgets.plural}.${widgets.group}` },
  spec: {
    group: widgets.group,
    scope: "Namespaced",
    names: { kind: widgets.kind, plural: widgets.plural, singular: "widget" },
    versions: [{ name: widgets.version, served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
  },
} as KubeObject;

const dir = mkdtempSync(join(tmpdir(), "ta-optional-"));
const signal = new AbortController().signal;
const stop = new AbortController();
let cluster: Cluster;
let transport: Transport;
let client: KubeClient;
let watch: Watch<KubeObject>;
let done: Promise<void>;
const reconciled: string[] = [];

beforeAll(async () => {
  cluster = await startControlPlane({ name: "optional-kind", dir });
  transport = createTransport({
    config: await loadKubeConfig({ env: {}, path: cluster.kubeconfig }),
    userAgent: "optional-kind",
  });
  client = createClient({ transport, resources: [...Object.values(builtin), widgets], fieldManager: "test" });
  const clock = systemClock();
  const manager = createManager({
    client,
    namespaces: ["*"],
    log: recordingLog(),
    metrics: createMetricsRegistry(),
    // Half a minute takes three seconds.
    clock: { ...clock, after: (ms, call) => clock.after(ms / 10, call) },
  });
  watch = manager.watch({ resource: widgets, optional: true });
  manager.add({
    name: "maps",
    primary: { watch: manager.watch({ resource: builtin.ConfigMap, labelSelector: { app: "optional" } }) },
    watches: [{ watch, mapToKeys: ({ metadata }) => [{ namespace: metadata.namespace ?? "", name: metadata.name }] }],
    async reconcile({ name }) {
      reconciled.push(name);
      return {};
    },
  });
  done = manager.run({ signal: stop.signal });
}, 120_000);
afterAll(async () => {
  stop.abort();
  await done;
  await transport?.close();
  await cluster?.stop();
  rmSync(dir, { recursive: true, force: true });
});

async function install(): Promise<void> {
  await client.apply(definition, { signal, force: "always" });
}

async function createWidget(name: string): Promise<void> {
  const object = { apiVersion: "example.dev/v1", kind: "Widget", metadata: { namespace: "default", name } };
  await until(() => watch.isServed(), "the kind is served", 60_000);
  await client.apply(object, { signal, force: "always" });
  await until(() => watch.size === 1, "the object is in the cache", 60_000);
}

it("controllers run without a kind that is not installed", async () => {
  const metadata = { namespace: "default", name: "one", labels: { app: "optional" } };
  await client.apply({ apiVersion: "v1", kind: "ConfigMap", metadata }, { signal, force: "always" });
  await until(() => reconciled.includes("one"), "the primary is reconciled", 60_000);
  expect(watch.isServed()).toBe(false);
});

it("a kind that is installed later is picked up without a restart", async () => {
  await install();
  await createWidget("first");
  await until(() => reconciled.includes("first"), "its object is reconciled", 60_000);
});

it("the objects of a kind that is removed leave the cache", async () => {
  await client.delete(builtin.CustomResourceDefinition, { name: definition.metadata.name }, { signal });
  await until(() => !watch.isServed(), "the kind is not served", 60_000);
  expect(watch.size).toBe(0);
});

it("a kind that comes back is picked up again", async () => {
  await install();
  await createWidget("second");
});
