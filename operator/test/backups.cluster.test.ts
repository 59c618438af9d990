import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { taskAssistantBackupResource } from "../src/api/backups/v1alpha1/index.ts";
import { taskAssistantRestoreResource } from "../src/api/restores/v1alpha1/index.ts";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS } from "../src/kinds/index.ts";
import { assistantHarness } from "./harness/assistant-harness.ts";
import { BACKUP, backupsHarness, RESULT, S3 } from "./harness/backups-harness.ts";
import {
  type AnyObject,
  type ClusterHarness,
  createAssistant,
  eventually,
  patchAssistant,
  startClusterHarness,
  startOperator,
} from "./harness/cluster-harness.ts";
import { type Fate, type Pod, startStubKubelet } from "./harness/stub-kubelet.ts";

/** What the pods of the program do, by `namespace command`; others become ready. */
const fates = new Map<string, Fate>();
let harness: ClusterHarness;
let operator: Awaited<ReturnType<typeof startOperator>>;
const ends: (() => Promise<void>)[] = [];

vi.setConfig({ testTimeout: 300_000 });
beforeAll(async () => {
  harness = await startClusterHarness("operator-backups");
  ends.push(harness.stop);
  const fate = ({ metadata, spec }: Pod): Fate => {
    const command = spec.containers[0]?.args?.[0] ?? "";
    const isBackup = metadata.labels?.["app.kubernetes.io/component"] === "backup";
    return isBackup
      ? (fates.get(`${metadata.namespace} ${command}`) ?? { succeeded: JSON.stringify(RESULT) })
      : "ready";
  };
  ends.push(startStubKubelet(harness.client, fate).stop);
  await run();
  ends.push(() => operator.stop());
});
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});

async function run(): Promise<void> {
  const askProgress = async () => ({ step: "dumping", bytes: 512, rows: 7, percent: 33 });
  operator = await startOperator(harness, { askProgress });
}

const { replicas } = assistantHarness(() => harness);
const { assistant, secrets, backUp, restore, backupReaches, restoreReaches, job, policyGoes } = backupsHarness(
  () => harness,
  () => operator.lines,
);

describe("a backup", () => {
  it("whose pod is refused says so in the words of the API server, and goes on when it is allowed", async () => {
    await assistant("refused");
    const spec = { hard: { "count/pods": "0" } };
    const quota = { apiVersion: "v1", kind: "ResourceQuota", metadata: { namespace: "refused", name: "none" }, spec };
    await harness.cluster.kubectl.apply([quota]);
    await backUp("refused", "one");
    const refused = await backupReaches("refused", "one", "Running", "PodsRefused");
    const [complete] = refused.status.conditions;
    expect(complete.message).toMatch(/^The pods of Job one-run are refused: exceeded quota: none/);
    expect(complete.message).toContain("Next: kubectl -n refused describe resourcequota none");
    expect(refused.status.conditions).toContainEqual(expect.objectContaining({ type: "Stalled", status: "True" }));
    expect(await harness.cluster.kubectl("get", "tab", "-n", "refused")).toMatch(/one +Running +PodsRefused +demo/);
    await harness.cluster.kubectl("-n", "refused", "delete", "resourcequota", "none");
    await backupReaches("refused", "one", "Succeeded");
  });

  it("runs one restricted pod with everything that it needs, tells how far it is, and what it stored", async () => {
    await assistant("stored");
    fates.set("stored backup", "running");
    const { metadata } = await backUp("stored", "one");
    const running = await eventually("progress", async () => {
      const found = await harness.get(taskAssistantBackupResource, "stored", "one");
      return found?.status?.bytes === 512 ? found : undefined;
    });
    expect(running.status).toMatchObject({ phase: "Running", step: "dumping", rows: 7, percent: 33 });
    const made = await job("stored", "one-run");
    const [container] = made?.spec.template.spec.containers ?? [];
    expect(container.args).toEqual(["backup"]);
    const env = Object.fromEntries(
      container.env.map((each: AnyObject & { name: string }) => [each.name, each.value ?? each.valueFrom]),
    );
    const location = `s3://store/a/stored/demo/one-${metadata.uid?.slice(0, 8)}/`;
    expect(env).toMatchObject({
      BACKUP_LOCATION: location,
      S3_ENDPOINT: "http://minio:9000",
      S3_FORCE_PATH_STYLE: "true",
      S3_REGION: "us-east-1",
    });
    expect(env.BACKUP_IDENTITY).toEqual({ secretKeyRef: { name: "key", key: "identity" } });
    expect(env.BETTER_AUTH_SECRET.secretKeyRef.name).toBe("demo-auth");
    expect(await harness.get(CHILD_KINDS.NetworkPolicy.resource, "stored", "one-run")).toBeDefined();

    fates.set("stored backup", { succeeded: JSON.stringify(RESULT) });
    const { status } = await backupReaches("stored", "one", "Succeeded");
    expect(status).toMatchObject({ bytes: 1000, rows: 42, digest: "ab", location, release: "0.1.0", percent: 100 });
    expect(status.destination).toEqual({ s3: { ...S3, region: "us-east-1" } });
    await policyGoes("stored", "one-run");
    await eventually("the assistant tells", async () => {
      const found = await harness.get(taskAssistantResource, "stored", "demo");
      return found?.status.backup?.lastSuccessful === status.startedAt;
    });
    expect(
      await harness.cluster.kubectl(
        "get",
        "ta",
        "demo",
        "-n",
        "stored",
        "-o",
        "jsonpath={.status.conditions[?(@.type=='BackupHealthy')].reason}",
      ),
    ).toBe("Succeeded");
  });

  it("is verified when it asks for it; a verification that fails makes it fail, with the program's words", async () => {
    await assistant("verified");
    await backUp("verified", "good", { verify: "Always" });
    expect((await backupReaches("verified", "good", "Succeeded")).status.verifiedAt).toBeDefined();
    fates.set("verified verify", {
      failed: JSON.stringify({ reason: "DataMismatch", message: "table app.task differs" }),
    });
    await backUp("verified", "bad", { verify: "Always" });
    const { status } = await backupReaches("verified", "bad", "Failed", "VerificationFailed");
    const complete = status.conditions.find((each: { type: string }) => each.type === "Complete");
    expect(complete.message).toBe("table app.task differs. Next: kubectl -n verified logs job/bad-verify");
    expect(status.conditions).toContainEqual(
      expect.objectContaining({ type: "Stalled", status: "True", reason: "Failed" }),
    );
    // The first one stays the last good one, and the assistant says that something is wrong.
    await eventually("the assistant tells", async () => {
      const found = await harness.get(taskAssistantResource, "verified", "demo");
      return found?.status.conditions.some(
        (each: AnyObject & { reason: string }) => each.reason === "VerificationFailed",
      );
    });
  });

  it("waits for what is missing, with the command that creates it, and goes on by itself", async () => {
    await harness.namespace("healed");
    await backUp("healed", "one");
    await backupReaches("healed", "one", "Pending", "AssistantNotFound");
    await createAssistant(harness, "healed", "demo", { model: { provider: "Demo" } });
    await backupReaches("healed", "one", "Pending", "DestinationMissing");
    await patchAssistant(harness, "healed", "demo", { spec: { backup: BACKUP } });
    const { status } = await backupReaches("healed", "one", "Pending", "SecretNotFound");
    expect(JSON.stringify(status)).toContain(
      "kubectl -n healed create secret generic key --from-literal=identity=VALUE",
    );
    await secrets("healed");
    await backupReaches("healed", "one", "Succeeded");
  });

  it("waits for its turn, and survives the operator", async () => {
    await assistant("turns");
    fates.set("turns backup", "running");
    await backUp("turns", "one");
    await backupReaches("turns", "one", "Running");
    await backUp("turns", "two");
    await backupReaches("turns", "two", "Pending", "Waiting");
    await operator.stop();
    fates.delete("turns backup");
    await run();
    await backupReaches("turns", "one", "Succeeded");
    await backupReaches("turns", "two", "Succeeded");
    expect(
      (await harness.list(CHILD_KINDS.Job.resource, "turns")).filter(({ metadata }) => metadata.name.endsWith("-run")),
    ).toHaveLength(2);
  });
});

describe("a restore in place", () => {
  it("saves the data first, stops the services, runs alone, and lets them start on the restored data", async () => {
    await assistant("restored", { backup: BACKUP, api: { replicas: 2 } });
    await backUp("restored", "one");
    await backupReaches("restored", "one", "Succeeded");
    const before = await harness.get(taskAssistantResource, "restored", "demo");
    fates.set("restored restore", "running");
    await restore("restored", "back");
    const running = await restoreReaches("restored", "back", "Running", "Restoring");
    expect(running.status).toMatchObject({ safetyBackup: "back-safety", step: "Restore" });
    expect((await harness.get(taskAssistantBackupResource, "restored", "back-safety"))?.status.phase).toBe("Succeeded");
    expect(await replicas("restored")).toEqual({ frontend: 0, api: 0, mcp: 0 });
    expect(await harness.cluster.kubectl("get", "ta", "demo", "-n", "restored")).toMatch(/False\s+Restoring/);
    // Whoever deletes it now gets the services back.
    expect(running.metadata.finalizers).toEqual(["taskassistant.dev/restore"]);
    await operator.stop();
    await run();

    fates.set("restored restore", { succeeded: JSON.stringify(RESULT) });
    const { status, metadata } = await restoreReaches("restored", "back", "Succeeded");
    expect(status).toMatchObject({ step: "Done", percent: 100, rows: 42 });
    expect(metadata.finalizers).toBeUndefined();
    await policyGoes("restored", "back-restore");
    expect(await replicas("restored")).toEqual({ frontend: 1, api: 2, mcp: 1 });
    const after = await harness.get(taskAssistantResource, "restored", "demo");
    expect(after?.status.database.restore).toBe(metadata.uid);
    expect(after?.status.database.migration).not.toBe(before?.status.database.migration);
  });

  it("that fails, or is deleted half-way, gives the services back", async () => {
    await assistant("failing");
    await backUp("failing", "one");
    await backupReaches("failing", "one", "Succeeded");
    fates.set("failing restore", {
      failed: JSON.stringify({ reason: "BackupDamaged", message: "a checksum differs" }),
    });
    await restore("failing", "broken", { target: { assistantRef: { name: "demo" }, mode: "New" } });
    const { status } = await restoreReaches("failing", "broken", "Failed", "BackupDamaged");
    expect(JSON.stringify(status)).toContain("The data is as it was before");
    await eventually("the services", async () => (await replicas("failing")).api === 1);

    fates.set("failing restore", "running");
    await restore("failing", "deleted", { target: { assistantRef: { name: "demo" }, mode: "New" } });
    await restoreReaches("failing", "deleted", "Running", "Restoring");
    await harness.client.delete(
      taskAssistantRestoreResource,
      { namespace: "failing", name: "deleted" },
      { signal: harness.signal },
    );
    await eventually(
      "it is gone",
      async () => (await harness.get(taskAssistantRestoreResource, "failing", "deleted")) === undefined,
    );
    expect(await job("failing", "deleted-restore")).toBeUndefined();
    await eventually("the services", async () => (await replicas("failing")).api === 1);
  });

  it("changes nothing when the data could not be saved first", async () => {
    await assistant("unsafe");
    await backUp("unsafe", "one");
    await backupReaches("unsafe", "one", "Succeeded");
    fates.set("unsafe backup", { failed: JSON.stringify({ reason: "StorageFull", message: "no room" }) });
    await restore("unsafe", "back");
    const { status } = await restoreReaches("unsafe", "back", "Failed", "SafetyBackupFailed");
    expect(JSON.stringify(status)).toContain("no room");
    expect(await job("unsafe", "back-restore")).toBeUndefined();
    expect((await replicas("unsafe")).api).toBe(1);
  });
});

describe("the schedule", () => {
  it("makes up for one missed run under the name of its time, and removes what is beyond the retention", async () => {
    const retention = { keepLast: 1 };
    await assistant("nightly", { backup: { ...BACKUP, schedule: "0 3 * * *", retention } });
    const next = await eventually(
      "the next time",
      async () => (await harness.get(taskAssistantResource, "nightly", "demo"))?.status.backup?.next,
    );
    expect(next).toMatch(/T03:00:00Z$/);
    await operator.stop();
    const missed = `${new Date(Date.now() - 86_400_000 * 2).toISOString().slice(0, 10)}T03:00:00Z`;
    await harness.client.mergePatch(
      taskAssistantResource,
      { namespace: "nightly", name: "demo" },
      { status: { backup: { next: missed } } },
      { signal: harness.signal, subresource: "status" },
    );
    await run();
    const name = `demo-${missed.slice(0, 10).replaceAll("-", "")}-0300`;
    const first = await backupReaches("nightly", name, "Succeeded");
    await eventually(
      "the next time",
      async () => (await harness.get(taskAssistantResource, "nightly", "demo"))?.status.backup?.next === next,
    );
    expect(await harness.list(taskAssistantBackupResource, "nightly")).toHaveLength(1);

    const second = await backUp("nightly", "by-hand");
    const kept = `by-hand-${second.metadata.uid?.slice(0, 8)}`;
    fates.set("nightly prune", { succeeded: JSON.stringify({ ok: true, kept: [kept], removed: [], damaged: [] }) });
    await backupReaches("nightly", "by-hand", "Succeeded");
    await eventually(
      "the old one is gone",
      async () => (await harness.get(taskAssistantBackupResource, "nightly", name)) === undefined,
    );
    const prune = await job("nightly", "by-hand-prune");
    const env = prune?.spec.template.spec.containers[0].env;
    expect(env).toContainEqual({ name: "RETENTION_KEEP_LAST", value: "1" });
    expect(env).toContainEqual({ name: "BACKUP_LOCATION", value: "s3://store/a/nightly/demo/" });
    expect(first.metadata.name).toBe(name);
    expect(await harness.get(taskAssistantBackupResource, "nightly", "by-hand")).toBeDefined();
  });
});

describe("a deletion after a backup", () => {
  const remove = (namespace: string) =>
    harness.client.delete(taskAssistantResource, { namespace, name: "demo" }, { signal: harness.signal });
  const gone = (namespace: string) =>
    eventually(
      "it is gone",
      async () => (await harness.get(taskAssistantResource, namespace, "demo")) === undefined,
      90_000,
    );
  const claim = async (namespace: string) => {
    const found = await harness.get(CHILD_KINDS.PersistentVolumeClaim.resource, namespace, "demo-db-data");
    return found !== undefined && found.metadata.deletionTimestamp === undefined;
  };

  it("deletes the data once a verified backup is stored", async () => {
    await assistant("final", { backup: BACKUP, deletion: { policy: "BackupThenDelete" } });
    fates.set("final verify", "running");
    await remove("final");
    const [backup] = await eventually("the backup", async () => {
      const found = await harness.list(taskAssistantBackupResource, "final");
      return found[0]?.status?.phase === "Verifying" ? found : undefined;
    });
    expect(backup?.metadata.name).toMatch(/^demo-final-/);
    expect(await claim("final")).toBe(true);
    await remove("final");
    fates.delete("final verify");
    await gone("final");
    expect(await claim("final")).toBe(false);
    expect((await harness.get(taskAssistantBackupResource, "final", backup?.metadata.name ?? ""))?.status.phase).toBe(
      "Succeeded",
    );
  });

  it("keeps the data when the backup fails", async () => {
    await assistant("kept", { backup: BACKUP, deletion: { policy: "BackupThenDelete" } });
    fates.set("kept backup", { failed: JSON.stringify({ reason: "StorageUnreachable", message: "no answer" }) });
    await remove("kept");
    await gone("kept");
    expect(await claim("kept")).toBe(true);
    expect(await harness.get(CHILD_KINDS.Secret.resource, "kept", "demo-database")).toBeDefined();
  });
});
