import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskAssistantBackupResource } from "../src/api/backups/v1alpha1/index.ts";
import { taskAssistantRestoreResource } from "../src/api/restores/v1alpha1/index.ts";
import { definitionOf } from "./fixtures/assistant-fixture.ts";
import { type AnyObject, type ClusterHarness, startClusterHarness } from "./harness/cluster-harness.ts";

const NAMESPACE = "one-shot";
const PVC = { pvc: { claimName: "backups" } };
const S3 = { bucket: "backups", credentialsSecretRef: { name: "s3" } };
const KEY = { secretRef: { name: "key" } };
const BACKUP = { assistantRef: { name: "demo" } };
const RESTORE = {
  source: { backupRef: { name: "demo-1" } },
  target: { assistantRef: { name: "demo" } },
  confirm: "demo",
};

let harness: ClusterHarness;
/** What the API server said so far. */
const said: string[] = [];

beforeAll(async () => {
  harness = await startClusterHarness("operator-one-shot");
  await harness.namespace(NAMESPACE);
});
afterAll(() => harness?.stop());

function object(kind: string, spec: object, name = "one"): AnyObject {
  return { apiVersion: "taskassistant.dev/v1alpha1", kind, metadata: { namespace: NAMESPACE, name }, spec };
}

/** What kubectl prints when it creates or changes something that the API server refuses. */
async function refusal(...args: Parameters<ClusterHarness["cluster"]["kubectl"]["run"]>): Promise<string> {
  const { stderr } = await harness.cluster.kubectl.run(...args);
  said.push(stderr);
  return stderr;
}

function refusedCreate(input: AnyObject): Promise<string> {
  return refusal(["create", "-f", "-"], { input: JSON.stringify(input) });
}

const stored = (destination: object) => object("TaskAssistantBackup", { ...BACKUP, destination, encryption: KEY });
const restored = (source: object) => object("TaskAssistantRestore", { ...RESTORE, source });
const file = "file:///backups/team/demo/demo-1/";

const REFUSED: readonly (readonly [what: string, object: AnyObject, message: string])[] = [
  ["a backup with a long name", object("TaskAssistantBackup", BACKUP, "b".repeat(57)), "at most 56"],
  ["a backup of nothing", object("TaskAssistantBackup", {}), "assistantRef"],
  [
    "a backup with a destination alone",
    object("TaskAssistantBackup", { ...BACKUP, destination: PVC }),
    "belong together",
  ],
  ["a backup to two places", stored({ ...PVC, s3: S3 }), "exactly one destination"],
  ["a backup above the volume", stored({ pvc: { claimName: "a", subPath: ".." } }), "a path of folders on the volume"],
  ["a backup outside the bucket", stored({ s3: { ...S3, prefix: "a/.." } }), "a path of folders in the bucket"],
  ["a backup to an address with a path", stored({ s3: { ...S3, endpoint: "https://a.example/b" } }), "without a path"],
  ["a backup to an address of the cloud", stored({ s3: { ...S3, endpoint: "http://169.254.1.1" } }), "hands out"],
  [
    "a backup with authorities that nothing checks",
    stored({ s3: { ...S3, caBundleRef: { name: "a", key: "b" } } }),
    "begins with https://",
  ],
  ["a restore with a long name", object("TaskAssistantRestore", RESTORE, "r".repeat(49)), "at most 48"],
  [
    "a restore that confirms another name",
    object("TaskAssistantRestore", { ...RESTORE, confirm: "other" }),
    "confirm must be",
  ],
  ["a restore without confirmation", object("TaskAssistantRestore", { ...RESTORE, confirm: undefined }), "confirm"],
  ["a restore of nothing", restored({}), "exactly one source"],
  ["a restore of two backups", restored({ ...RESTORE.source, location: file }), "exactly one source"],
  [
    "a restore of a backup with a destination",
    restored({ ...RESTORE.source, destination: PVC }),
    "only used with source.location",
  ],
  ["a restore of a file from a bucket", restored({ location: file, destination: { s3: S3 } }), "do not fit"],
  [
    "a restore from two places",
    restored({ location: file, destination: { ...PVC, s3: S3 } }),
    "exactly one destination",
  ],
  ["a restore from above the volume", restored({ location: "file:///backups/../etc/" }), "a location is s3://"],
  ["a restore from a web page", restored({ location: "https://a.example/b/" }), "a location is s3://"],
  [
    "a restore from above a folder of the volume",
    restored({ location: file, destination: { pvc: { claimName: "a", subPath: "a/../.." } } }),
    "a path of folders on the volume",
  ],
];

describe("the API server", () => {
  it.each(REFUSED)("refuses %s and says why", async (_what, input, message) => {
    expect(await refusedCreate(input)).toContain(message);
  });

  it.each([
    ["TaskAssistantBackup", BACKUP, { verify: "Always" }, "a backup is made once"],
    ["TaskAssistantRestore", RESTORE, { target: { mode: "New" } }, "a restore is made once"],
  ])("lets nobody change the spec of a %s", async (kind, spec, change, message) => {
    await harness.client.create(object(kind, spec, "fixed"), { signal: harness.signal });
    const patch = ["patch", kind, "fixed", "-n", NAMESPACE, "--type", "merge", "-p", JSON.stringify({ spec: change })];
    expect(await refusal(patch)).toContain(message);
    // Labels of a tool that manages it are no change of the work.
    await harness.cluster.kubectl("label", kind, "fixed", "-n", NAMESPACE, "team=a");
  });

  it.each([
    ["tab", taskAssistantBackupResource, BACKUP, ["PHASE", "REASON", "ASSISTANT", "BYTES", "ROWS", "VERIFIED", "AGE"]],
    ["tar", taskAssistantRestoreResource, RESTORE, ["PHASE", "REASON", "ASSISTANT", "BYTES", "ROWS", "PERCENT", "AGE"]],
  ] as const)("shows a new %s as in progress, in columns of its own", async (short, resource, spec, columns) => {
    await harness.client.create(object(resource.kind, spec, "fresh"), { signal: harness.signal });
    const found = await harness.get(resource, NAMESPACE, "fresh");
    expect(found?.status.observedGeneration).not.toBe(found?.metadata.generation);
    expect(found?.status.conditions).toContainEqual(
      expect.objectContaining({ type: "Reconciling", status: "True", reason: "Pending" }),
    );
    const wide = await harness.cluster.kubectl("get", short, "fresh", "-n", NAMESPACE, "-o", "wide");
    const [head, row] = wide.split("\n").map((line) => line.trim().split(/\s+/));
    expect(head).toEqual(["NAME", ...columns, "STEP", "LOCATION", "MESSAGE"]);
    expect(row?.slice(0, 4)).toEqual(["fresh", "Pending", "Pending", "demo"]);
    expect(await harness.cluster.kubectl("get", "assistants", "-n", NAMESPACE, "-o", "name")).toContain(
      `${resource.kind.toLowerCase()}.taskassistant.dev/fresh`,
    );
  });

  it("refuses something for every rule of the two definitions", () => {
    const messages = new Set<string>();
    const collect = (node: unknown): void => {
      if (typeof node !== "object" || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === "x-kubernetes-validations") for (const rule of value) messages.add(rule.message);
        collect(value);
      }
    };
    for (const name of ["taskassistantbackups", "taskassistantrestores"]) {
      collect(definitionOf(name));
    }
    expect(messages.size).toBeGreaterThan(14);
    expect([...messages].filter((message) => !said.some((text) => text.includes(message)))).toEqual([]);
  });
});
