import { expect, it } from "vitest";
import { snapshotFixture } from "../../../test/fixtures/snapshot-fixture.ts";
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

it("the finalizer of a resource that is gone or has changed needs no removal now, and any other refusal is reported", async () => {
  const { signal } = new AbortController();
  for (const status of [404, 409]) {
    expect(await finalize({ client: clientThatAnswers(status), signal }, leaving())).toEqual({
      left: [],
      problems: [],
    });
  }
  expect(await finalize({ client: clientThatAnswers(403), signal }, leaving())).toEqual({
    left: [],
    problems: [{ kind: "refused", object: "TaskAssistant demo", message: "refused" }],
  });
});

it("the finalizer is removed after two minutes though the data can't be deleted", async () => {
  const refuse = async () => {
    throw new ApiError({ status: 403, reason: "Forbidden", message: "not allowed" });
  };
  const patches: unknown[] = [];
  const client = {
    delete: refuse,
    mergePatch: async (_resource: Resource, _ref: ObjectRef, patch: unknown) => void patches.push(patch),
  } as unknown as KubeClient;
  const { signal } = new AbortController();
  const early = await finalize({ client, signal }, surrounded(MANAGED));
  expect(early.left).toContain("PersistentVolumeClaim demo-db-data");
  expect(early.problems).toContainEqual({
    kind: "refused",
    object: "PersistentVolumeClaim demo-db-data",
    message: "not allowed",
  });
  expect(patches).toEqual([]);
  const late = { ...surrounded(MANAGED), now: new Date("2026-01-01T00:12:30Z") };
  expect(await finalize({ client, signal }, late)).toEqual({ left: [], problems: [] });
  expect(patches).toMatchObject([{ metadata: { finalizers: [] } }]);
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
    const { left } = await finalize({ client, signal: new AbortController().signal }, surrounded(spec));
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
  expect(await finalize({ client, signal: new AbortController().signal }, users)).toEqual({
    left: [],
    problems: [],
  });
});
