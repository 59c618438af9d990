import { describe, expect, it } from "vitest";
import { taskAssistantRestoreResource } from "../../src/api/restores/v1alpha1/index.ts";
import { CHILD_KINDS } from "../../src/kinds/index.ts";
import { eventually, secret } from "../harness/cluster-harness.ts";
import { imagesOf, SPEC, type Upgraded, upgradeHarness } from "../harness/upgrade-harness.ts";

const BACKUP = {
  destination: { s3: { bucket: "store", endpoint: "http://minio:9000", credentialsSecretRef: { name: "s3" } } },
  encryption: { secretRef: { name: "key" } },
  verify: "Never",
};

const ready = upgradeHarness("operator-upgrade-backup");

async function readyWithBackup(namespace: string): Promise<Upgraded> {
  const demo = await ready(namespace, { ...SPEC, backup: BACKUP });
  await secret(demo.harness, namespace, "key", { identity: "AGE-SECRET-KEY-1X" });
  await secret(demo.harness, namespace, "s3", { accessKeyId: "a", secretAccessKey: "b" });
  return demo;
}

describe.concurrent("the backup before an upgrade", () => {
  it("is stored before anything changes, and a restore and an upgrade wait for each other", async () => {
    const demo = await readyWithBackup("saved");
    const { client, signal, get } = demo.harness;
    const restore = (phase: string) =>
      eventually(`the restore is ${phase}`, async () => {
        const found = await get(taskAssistantRestoreResource, "saved", "back");
        return found?.status?.phase === phase ? found : undefined;
      });
    demo.plays("backup", "running");
    demo.plays("migrate", "pending");
    demo.plays("restore", "running");
    const watched = demo.watch();
    await demo.change({ version: "0.2.0" });
    const { status } = await demo.reaches("Backup", "0.2.0");
    const backup = status?.upgrade?.backupRef ?? "";
    await eventually("its Job", () => get(CHILD_KINDS.Job.resource, "saved", `${backup}-run`));
    await demo.restart();
    await eventually("what is told", async () => {
      const { status: now } = (await demo.get()) ?? {};
      const ready = now?.conditions?.find(({ type }) => type === "Ready");
      return ready?.message.includes("step 2 of 7: Backup, 0 %");
    });
    expect(await demo.images()).toEqual(imagesOf("0.1.0"));

    demo.plays("backup");
    await demo.reaches("Migrate", "0.2.0");
    await client.create(restoreOf(backup), { signal });
    await eventually("the restore waits", async () => {
      const waits = await restore("Pending");
      return waits.status?.conditions[0].message.includes("It waits for the upgrade of TaskAssistant demo to 0.2.0.");
    });

    demo.plays("migrate");
    await demo.reaches("Done", "0.2.0");
    await restore("Running");
    await demo.change({ version: "0.1.0" });
    await demo.is("Upgradeable", "True", "WaitingForRestore");
    expect(await demo.images()).toEqual(imagesOf("0.2.0"));

    demo.plays("restore");
    await restore("Succeeded");
    await demo.reaches("Done", "0.1.0");
    await watched.stop(["# 0.2.0 after a backup, then a restore, then 0.1.0"]);
  });

  it("that fails ends the try with its reason, and nothing has changed", async () => {
    const demo = await readyWithBackup("full");
    const failure = { ok: false, reason: "BackupFailed", message: "The object store is full." };
    demo.plays("backup", { failed: JSON.stringify(failure) });
    const watched = demo.watch();
    await demo.change({ version: "0.2.0" });
    const { status } = await demo.reaches("RolledBack", "0.2.0");
    await demo.change({ version: "0.1.0" });
    await watched.stop(["# 0.2.0: the backup before it fails"]);
    expect(status?.upgrade).toMatchObject({ failedStep: "Backup", reason: "BackupFailed", tries: 1 });
    expect(status?.upgrade?.message).toContain("The object store is full.");
    expect(await demo.images()).toEqual(imagesOf("0.1.0"));
  });
});

function restoreOf(backup: string) {
  return {
    apiVersion: "taskassistant.dev/v1alpha1",
    kind: "TaskAssistantRestore",
    metadata: { namespace: "saved", name: "back" },
    spec: { source: { backupRef: { name: backup } }, target: { assistantRef: { name: "demo" } }, confirm: "demo" },
  };
}
