import { expect, it } from "vitest";
import { type SnapshotFixture, snapshotFixture } from "../../../../../test/fixtures/snapshot-fixture.ts";

const QUOTA = "exceeded quota: compute, requested: limits.cpu=1";
const NEXT =
  "Next: kubectl -n team describe resourcequota compute, then raise the quota, or lower resources or replicas.";

function withVolume(): SnapshotFixture {
  const fixture = snapshotFixture();
  fixture.putCredentials();
  fixture.putVolume();
  return fixture;
}

/** A database without a pod, whose pod is refused. */
function database(at?: string): SnapshotFixture {
  const fixture = withVolume();
  const { database: server } = fixture.plan().desired!;
  fixture.put(server!, { replicas: 0 });
  fixture.refusePods(server!, QUOTA, at);
  return fixture;
}

it("pods that the API server refuses are told with its words and the next command, and stall the resource", () => {
  const fixture = database();
  const message = `The pods of StatefulSet demo-db are refused: ${QUOTA}. ${NEXT}`;
  expect(fixture.finding("DatabaseReady")).toMatchObject({ status: "False", reason: "PodsRefused", message });
  expect(fixture.finding("Ready")).toMatchObject({ status: "False", reason: "PodsRefused", message });
  expect(fixture.finding("Stalled")).toMatchObject({ status: "True", message: `DatabaseReady: ${message}` });
});

it("a refused migration is told apart from one that runs", () => {
  const fixture = withVolume();
  const { database: server, migration } = fixture.plan().desired!;
  fixture.put(server!, { readyReplicas: 1 });
  fixture.put(migration!);
  expect(fixture.finding("MigrationsApplied")?.reason).toBe("Migrating");
  fixture.refusePods(migration!, QUOTA);
  expect(fixture.finding("MigrationsApplied")).toMatchObject({ reason: "PodsRefused" });
  expect(fixture.finding("MigrationsApplied")?.message).toContain(NEXT);
});

it("a Deployment says by its condition that its pods are refused", () => {
  const fixture = withVolume();
  fixture.putMigratedDatabase();
  const message = `pods "demo-api-1-x" is forbidden: ${QUOTA}`;
  fixture.putServers({ conditions: [{ type: "ReplicaFailure", status: "True", reason: "FailedCreate", message }] });
  expect(fixture.finding("ApiAvailable")).toMatchObject({
    reason: "PodsRefused",
    message: `The pods of Deployment demo-api are refused: ${QUOTA}. ${NEXT}`,
  });
});

it("a refusal of long ago is over, and so is one after which the database accepts connections", () => {
  expect(database("2025-12-31T23:00:00Z").finding("DatabaseReady")?.reason).toBe("DatabaseStarting");
  const fixture = database();
  fixture.put(fixture.plan().desired!.database!, { readyReplicas: 1 });
  expect(fixture.finding("DatabaseReady")?.status).toBe("True");
});

it("a pod whose name is taken by one that is still being deleted is no refusal", () => {
  const fixture = withVolume();
  const { database: server } = fixture.plan().desired!;
  fixture.put(server!, { replicas: 0 });
  fixture.refusePods(server!, 'object is being deleted: pods "demo-db-0" already exists');
  expect(fixture.finding("DatabaseReady")?.reason).toBe("DatabaseStarting");
});
