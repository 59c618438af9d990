import { describe, expect, it } from "vitest";
import {
  appliedBy,
  type SnapshotFixture,
  snapshotFixture,
  withCredentialsAndVolume,
} from "../../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";

const DEMO = { model: { provider: "Demo" } };

describe("credentials", () => {
  it.each<[string, (fixture: SnapshotFixture) => void, TaskAssistantStatus | undefined]>([
    ["a volume", (fixture) => fixture.putVolume(), undefined],
    ["a migration that once succeeded", () => undefined, { database: { migration: "x" } }],
    ["a volume that once existed", () => undefined, { database: { volume: "x" } }],
  ])("are not generated over %s", (_what, prepare, status) => {
    const fixture = snapshotFixture(undefined, status);
    prepare(fixture);
    const made = fixture.plan();
    expect(made.createSecrets.map(({ name }) => name)).toEqual(["demo-exchange", "demo-maintenance"]);
    expect(made.blockers.database?.kind).toBe("credentialsMissing");
  });

  it("are generated while the claim of an earlier resource is being deleted, and the volume waits until it is gone", () => {
    const dying = { deletionTimestamp: "2026-01-01T00:09:00Z" };
    const fixture = snapshotFixture();
    fixture.putVolume({}, dying);
    const made = fixture.plan();
    expect(made.createSecrets.map(({ name }) => name)).toEqual([
      "demo-database",
      "demo-auth",
      "demo-exchange",
      "demo-maintenance",
    ]);
    expect(appliedBy(made)).not.toContain("PersistentVolumeClaim/demo-db-data");
    expect(appliedBy(made)).not.toContain("StatefulSet/demo-db");
    expect(fixture.finding("DatabaseReady")).toMatchObject({
      reason: "Waiting",
      message:
        "Volume claim demo-db-data of an earlier TaskAssistant is being deleted. The operator creates a new one when it is gone. Next: kubectl -n team describe pvc demo-db-data shows the pod that still uses it.",
    });
    const recorded = snapshotFixture(undefined, { database: { volume: "v1" } });
    recorded.putVolume({}, dying);
    expect(recorded.plan().createSecrets.map(({ name }) => name)).toEqual(["demo-exchange", "demo-maintenance"]);
  });

  it("that lack one key are lost", () => {
    const fixture = withCredentialsAndVolume();
    fixture.putSecret("demo-database", "admin-password", "auth-password", "instance-id");
    expect(fixture.plan().blockers.database).toEqual({
      kind: "credentialsMissing",
      lost: [{ secret: "demo-database", missingKeys: ["app-password"] }],
    });
  });

  it("that the user brings are not generated", () => {
    const made = snapshotFixture({ ...DEMO, auth: { secretRef: { name: "mine" } } }).plan();
    expect(made.createSecrets.map(({ name }) => name)).toEqual(["demo-database", "demo-exchange", "demo-maintenance"]);
    expect(made.blockers.accepted).toMatchObject({
      kind: "userDataMissing",
      missing: [{ object: "Secret", name: "mine", keys: ["secret"], exists: false }],
    });
  });
});

describe("a data volume that was recorded", () => {
  it.each([
    ["is gone", undefined],
    ["is being deleted", { deletionTimestamp: "2026-01-01T00:09:00Z" }],
  ])("and %s is not replaced by an empty one", (_what, metadata) => {
    const fixture = snapshotFixture(DEMO, { database: { volume: "v1" } });
    fixture.putCredentials();
    if (metadata !== undefined) fixture.putVolume({}, metadata);
    const made = fixture.plan();
    expect(made.blockers.database).toMatchObject({ kind: "dataUnusable", verdict: { reason: "DataVolumeMissing" } });
    expect(appliedBy(made)).not.toContain("PersistentVolumeClaim/demo-db-data");
    expect(appliedBy(made)).not.toContain("StatefulSet/demo-db");
  });
});
