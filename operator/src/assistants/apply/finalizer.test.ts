import { expect, it } from "vitest";
import { snapshotFixture } from "../../../test/snapshot-fixture.ts";
import { DATA_FINALIZER } from "../../api/taskassistants/v1alpha1/index.ts";
import { ApiError, type KubeClient, type KubeObject, type ObjectRef, type Resource } from "../../kube/index.ts";
import { childLabels, ownedMeta } from "../desired/labels.ts";
import { childId, type Snapshot } from "../observe/snapshot.ts";
import { finalize } from "./finalizer.ts";

const MANAGED = { deletion: { policy: "Delete" } };
const EXTERNAL = { ...MANAGED, database: { mode: "External", external: { secretRef: { name: "pg" } } } };

/** A resource that is being deleted, of which the cache shows nothing else. */
function leaving(spec: object = MANAGED): Snapshot {
  const snapshot = snapshotFixture(spec).snapshot();
  const { assistant } = snapshot;
  const metadata = { ...assistant.metadata, finalizers: [DATA_FINALIZER], deletionTimestamp: "2026-01-01T00:09:59Z" };
  return { ...snapshot, assistant: { ...assistant, metadata } };
}

function clientThatAnswers(status: number): KubeClient {
  const mergePatch = async () => {
    throw new ApiError({ status, reason: status === 404 ? "NotFound" : "Conflict", message: "refused" });
  };
  return { mergePatch } as unknown as KubeClient;
}

it("the finalizer of a resource that is gone already needs no removal, and any other refusal is a failure", async () => {
  const { signal } = new AbortController();
  expect(await finalize({ client: clientThatAnswers(404), signal }, leaving())).toEqual([]);
  await expect(finalize({ client: clientThatAnswers(409), signal }, leaving())).rejects.toThrow("refused");
});

/** The same resource with every object of its namespace that could be deleted with it. */
function surrounded(spec: object): Snapshot {
  const snapshot = leaving(spec);
  const { name, namespace, uid } = snapshot.assistant.metadata;
  const object = (kind: string, childName: string, metadata: object): KubeObject => ({
    apiVersion: "v1",
    kind,
    metadata: { name: childName, namespace, ...metadata },
  });
  const owned = (childName: string) => ownedMeta({ name, namespace, uid }, childName);
  const kept = { labels: childLabels(name) };
  const children = [
    object("Deployment", "demo-api", owned("demo-api")),
    object("StatefulSet", "demo-db", owned("demo-db")),
    ...(spec === MANAGED ? [object("PersistentVolumeClaim", "demo-db-data", kept)] : []),
  ];
  const secrets = [
    object("Secret", "demo-database", kept),
    object("Secret", "demo-auth", kept),
    object("Secret", "demo-exchange", owned("demo-exchange")),
    object("Secret", "other-auth", { labels: childLabels("other") }),
    object("Secret", "llm", {}),
  ];
  return {
    ...snapshot,
    children: new Map(children.map((each) => [childId(each.kind, each.metadata.name), each])),
    secrets: new Map(secrets.map((each) => [each.metadata.name, { ...each, fingerprints: {} }])),
  };
}

it.each([
  ["a managed", MANAGED, ["StatefulSet demo-db", "PersistentVolumeClaim demo-db-data"]],
  ["an external", EXTERNAL, []],
])(
  "the finalizer of a resource with %s database deletes its data and credentials, and nothing else",
  async (_mode, spec, data) => {
    const deleted: string[] = [];
    const client = {
      delete: async ({ kind }: Resource, { name }: ObjectRef) => void deleted.push(`${kind} ${name}`),
    } as unknown as KubeClient;
    const left = await finalize({ client, signal: new AbortController().signal }, surrounded(spec));
    expect(deleted).toEqual([...data, "Secret demo-database", "Secret demo-auth"]);
    expect(left).toEqual(deleted);
  },
);

it("the finalizer spares objects that the user put under the names of the operator's own", async () => {
  const snapshot = surrounded(MANAGED);
  const bare = <T extends KubeObject>(objects: ReadonlyMap<string, T>) =>
    new Map([...objects].map(([id, each]) => [id, { ...each, metadata: { ...each.metadata, labels: {} } }]));
  const client = { mergePatch: async () => ({}) } as unknown as KubeClient;
  const users = { ...snapshot, children: bare(snapshot.children), secrets: bare(snapshot.secrets) };
  expect(await finalize({ client, signal: new AbortController().signal }, users)).toEqual([]);
});
