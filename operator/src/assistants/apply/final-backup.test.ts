import { expect, it } from "vitest";
import { snapshotFixture } from "../../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistantBackup } from "../../api/backups/v1alpha1/index.ts";
import { finalBackup } from "./final-backup.ts";

const BACKUP = { destination: { pvc: { claimName: "backups" } }, encryption: { secretRef: { name: "key" } } };
const NAME = "demo-final-00000000";

function judged(status: TaskAssistantBackup["status"] | "none", more: object = {}, deletedAt = "2026-01-01T00:00:00Z") {
  const spec = { model: { provider: "Demo" }, backup: BACKUP, deletion: { policy: "BackupThenDelete" }, ...more };
  const snapshot = snapshotFixture(spec).snapshot();
  const { assistant } = snapshot;
  const backup = {
    apiVersion: "taskassistant.dev/v1alpha1",
    kind: "TaskAssistantBackup",
    metadata: { namespace: "team", name: NAME, uid: "b" },
    spec: { assistantRef: { name: "demo" } },
    ...(status === "none" || status === undefined ? {} : { status }),
  };
  return finalBackup({
    ...snapshot,
    assistant: { ...assistant, metadata: { ...assistant.metadata, deletionTimestamp: deletedAt } },
    backups: status === "none" ? [] : [backup],
  });
}

it.each([
  ["wanted when there is none", judged("none"), "wanted"],
  ["waited for while it runs", judged({ phase: "Running" }), "waiting"],
  ["stored when it was verified", judged({ phase: "Succeeded", verifiedAt: "2026-01-01T00:05:00Z" }), "stored"],
  ["impossible when it was not verified", judged({ phase: "Succeeded" }), "impossible"],
  ["impossible when it failed", judged({ phase: "Failed" }), "impossible"],
  ["impossible when the time is up", judged({ phase: "Running" }, {}, "2025-12-31T23:39:00Z"), "impossible"],
  ["impossible when the database is stopped", judged("none", { suspend: true }), "impossible"],
])("a backup before a deletion is %s", (_what, found, kind) => {
  expect(found.kind).toBe(kind);
});

it("a backup that was verified counts even if the time is up", () => {
  const late = judged({ phase: "Succeeded", verifiedAt: "2026-01-01T00:05:00Z" }, {}, "2025-12-31T00:00:00Z");
  expect(late.kind).toBe("stored");
});
