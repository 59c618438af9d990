import { describe, expect, it } from "vitest";
import { type SnapshotFixture, snapshotFixture } from "../../../../../test/fixtures/snapshot-fixture.ts";

/** An assistant that is Ready, with its CronJob. */
function working(): SnapshotFixture {
  const fixture = snapshotFixture();
  fixture.putCredentials();
  fixture.putVolume();
  fixture.putMigratedDatabase();
  fixture.putServers();
  const { maintenance } = fixture.plan().desired!;
  fixture.put(maintenance!, {}, { metadata: { ...maintenance!.metadata, uid: "cron" } });
  return fixture;
}

function putJob(fixture: SnapshotFixture, name: string, created: string, condition?: string): void {
  const { maintenance } = fixture.plan().desired!;
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace: "team",
      uid: name,
      creationTimestamp: created,
      labels: maintenance!.spec!.jobTemplate.metadata!.labels,
      ownerReferences: [{ apiVersion: "batch/v1", kind: "CronJob", name: "demo-maintenance", uid: "cron" }],
    },
    spec: {},
  };
  const message = "Job has reached the specified backoff limit";
  const status =
    condition === undefined ? { active: 1 } : { conditions: [{ type: condition, status: "True", message }] };
  fixture.put(job as never, status);
}

const EARLY = "2026-01-01T00:00:00Z";
const LATE = "2026-01-02T00:00:00Z";
const seen = (fixture: SnapshotFixture) => {
  const { status, reason, message } = fixture.finding("MaintenanceHealthy")!;
  return { status, reason, message };
};

describe("MaintenanceHealthy", () => {
  it("waits for what the CronJob waits for", () => {
    const fixture = snapshotFixture();
    fixture.putCredentials();
    fixture.putVolume();
    expect(seen(fixture)).toMatchObject({
      status: "Unknown",
      reason: "Waiting",
      message: expect.stringContaining("waiting for the migration"),
    });
  });

  it.each<[string, string | undefined, string, string]>([
    ["runs", undefined, "Unknown", "Running"],
    ["has succeeded", "Complete", "True", "Succeeded"],
    ["has failed", "Failed", "False", "MaintenanceFailed"],
  ])("follows the newest Job, which %s, and Ready does not change", (_what, condition, status, reason) => {
    const fixture = working();
    expect(seen(fixture)).toMatchObject({ status: "Unknown", reason: "NotRunYet" });
    putJob(fixture, "demo-maintenance-1", EARLY, condition === "Complete" ? "Failed" : "Complete");
    putJob(fixture, "demo-maintenance-2", LATE, condition);
    expect(seen(fixture)).toMatchObject({ status, reason });
    for (const [type, expected] of [
      ["Ready", "True"],
      ["Stalled", "False"],
      ["Reconciling", "False"],
    ] as const) {
      expect([type, fixture.finding(type, { probe: {} })!.status]).toEqual([type, expected]);
    }
  });

  it("says what to do about a failure", () => {
    const fixture = working();
    putJob(fixture, "demo-maintenance-1", LATE, "Failed");
    expect(seen(fixture).message).toBe(
      "Job demo-maintenance-1 failed: Job has reached the specified backoff limit. Next: kubectl -n team logs job/demo-maintenance-1. Then run it again: kubectl -n team create job --from=cronjob/demo-maintenance demo-maintenance-by-hand.",
    );
    expect(fixture.finding("MaintenanceHealthy")).toMatchObject({ needsUser: false, warning: true });
  });

  it.each(["Job", "CronJob"])("tells that the API server refuses the pods or Jobs of the %s, and why", (kind) => {
    const fixture = working();
    const { maintenance } = fixture.plan().desired!;
    if (kind === "Job") putJob(fixture, "demo-maintenance-1", LATE);
    const name = kind === "Job" ? "demo-maintenance-1" : "demo-maintenance";
    const words = "exceeded quota: compute, requested: count/jobs.batch=1";
    fixture.refusePods({ ...maintenance!, kind, metadata: { ...maintenance!.metadata, name } } as never, words);
    expect(seen(fixture)).toMatchObject({ status: "False", reason: "PodsRefused" });
    expect(seen(fixture).message).toContain(`${words}. Next: kubectl -n team describe resourcequota compute`);
  });

  it("is nobody's concern while the assistant is suspended", () => {
    const fixture = snapshotFixture({ model: { provider: "Demo" }, suspend: true });
    expect(seen(fixture)).toMatchObject({ status: "Unknown", reason: "Suspended" });
  });
});
