import { describe, expect, it } from "vitest";
import { appliedBy, type SnapshotFixture, snapshotFixture } from "../../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { isWorkload } from "../../kinds/index.ts";
import { allChildren } from "../desired/index.ts";
import type { Plan } from "./plan.ts";

const DEMO = { model: { provider: "Demo" } };

function kindsAppliedBy(made: Plan): Set<string> {
  return new Set(made.apply.map(({ child }) => child.kind));
}

/** With everything that the migration needs but the database. */
function withCredentialsAndVolume(spec?: object, status?: TaskAssistantStatus): SnapshotFixture {
  const fixture = snapshotFixture(spec, status);
  fixture.putCredentials();
  fixture.putVolume();
  return fixture;
}

describe("the first plan of a resource", () => {
  it("generates the Secrets before anything that uses them", () => {
    const made = snapshotFixture().plan();
    expect(made.createSecrets.map(({ name }) => name)).toEqual([
      "demo-database",
      "demo-auth",
      "demo-exchange",
      "demo-maintenance",
    ]);
    const pods = made.apply.filter(({ child }) => isWorkload(child) || child.kind === "PersistentVolumeClaim");
    expect(pods.map(({ child }) => child.metadata.name)).toEqual(["demo-model"]);
  });

  it("applies volume and database once the Secrets exist", () => {
    const fixture = snapshotFixture();
    fixture.putCredentials();
    const made = fixture.plan();
    expect(made.createSecrets).toEqual([]);
    expect(appliedBy(made)).toContain("PersistentVolumeClaim/demo-db-data");
    expect(appliedBy(made)).toContain("StatefulSet/demo-db");
    expect(kindsAppliedBy(made)).not.toContain("Job");
  });

  it("applies the migration once the database accepts connections", () => {
    const fixture = withCredentialsAndVolume();
    fixture.put(fixture.plan().desired!.database!, { readyReplicas: 1 });
    const made = fixture.plan();
    expect(kindsAppliedBy(made)).toContain("Job");
    expect(appliedBy(made)).not.toContain("Deployment/demo-api");
  });

  it("applies the servers that use the database once the migration has succeeded", () => {
    const fixture = withCredentialsAndVolume();
    fixture.putMigratedDatabase();
    expect(appliedBy(fixture.plan())).toEqual(
      expect.arrayContaining(["Deployment/demo-mcp", "Deployment/demo-api", "Deployment/demo-frontend"]),
    );
  });

  it("does not wait for a migration whose success is on record, even if its Job is gone", () => {
    const name = withCredentialsAndVolume().plan().desired!.migration!.metadata.name;
    const fixture = withCredentialsAndVolume(undefined, { database: { migration: name } });
    expect(appliedBy(fixture.plan())).toContain("Deployment/demo-api");
  });

  it("names for each child that is held back what it waits for", () => {
    const fixture = snapshotFixture();
    const waiting = () => Object.fromEntries(fixture.plan().waiting);
    expect(waiting()).toMatchObject({
      "PersistentVolumeClaim/demo-db-data": { kind: "credentials" },
      "StatefulSet/demo-db": { kind: "data", source: { kind: "Secret", name: "demo-database" }, key: "admin-password" },
    });
    fixture.putCredentials();
    fixture.putVolume();
    const job = `Job/${fixture.plan().desired!.migration!.metadata.name}`;
    expect(waiting()).toEqual({
      [job]: { kind: "database" },
      "Deployment/demo-frontend": { kind: "migration" },
      "Deployment/demo-api": { kind: "migration" },
      "Deployment/demo-mcp": { kind: "migration" },
      "CronJob/demo-maintenance": { kind: "migration" },
    });
  });
});

describe("the plan of a resource whose gates are all open", () => {
  const OPENAI = { provider: "OpenAICompatible", name: "m", baseURL: "https://llm.example.com/v1" };
  it.each([
    ["the demo model", DEMO],
    ["an Ingress", { model: OPENAI, exposure: { type: "Ingress", host: "a.example" } }],
  ])("applies every child but the finished Job and removes none, with %s", (_what, spec) => {
    const fixture = withCredentialsAndVolume(spec);
    fixture.putMigratedDatabase();
    for (const child of allChildren(fixture.plan().desired!)) {
      if (child.kind !== "StatefulSet" && child.kind !== "Job") fixture.put(child);
    }
    const made = fixture.plan();
    expect(made.apply.map(({ child }) => child)).toEqual(
      allChildren(made.desired!).filter(({ kind }) => kind !== "Job"),
    );
    expect(made.remove).toEqual([]);
  });
});

describe("a migration Job that exists", () => {
  const mutated = (status: object, metadata: object = {}) => {
    const fixture = withCredentialsAndVolume();
    const { database, migration } = fixture.plan().desired!;
    fixture.put(database!, { readyReplicas: 1 });
    const sidecar = { template: { spec: { containers: [{ name: "sidecar" }] } } };
    fixture.put(migration!, status, { spec: sidecar, metadata: { ...migration!.metadata, ...metadata } });
    return kindsAppliedBy(fixture.plan());
  };
  const earlier = { ownerReferences: [{ uid: "of-an-earlier-resource" }] };

  it.each<[string, object, object, boolean]>([
    ["has succeeded", { conditions: [{ type: "Complete", status: "True" }] }, {}, false],
    ["runs", { active: 1 }, {}, false],
    [
      "has succeeded for an earlier resource of the name",
      { conditions: [{ type: "Complete", status: "True" }] },
      earlier,
      false,
    ],
    ["runs for an earlier resource of the name, with which it would be deleted", { active: 1 }, earlier, true],
  ])("and %s is applied again only where it would be deleted otherwise", (_what, status, metadata, isApplied) => {
    expect(mutated(status, metadata).has("Job")).toBe(isApplied);
  });
});

describe("a failed migration Job", () => {
  const planAfterFailure = (since: string) => {
    const fixture = withCredentialsAndVolume();
    const { database, migration } = fixture.plan().desired!;
    fixture.put(database!, { readyReplicas: 1 });
    fixture.put(migration!, { conditions: [{ type: "Failed", status: "True", lastTransitionTime: since }] });
    return fixture.plan();
  };

  it("is kept for a minute", () => {
    const made = planAfterFailure("2026-01-01T00:09:30Z");
    expect(made.remove).toEqual([]);
    expect(made.requeueAfterMs).toBe(30_000);
  });

  it("is removed after a minute, and only then created again", () => {
    const made = planAfterFailure("2026-01-01T00:08:00Z");
    expect(made.remove.map(({ kind }) => kind)).toEqual(["Job"]);
    expect(kindsAppliedBy(made)).not.toContain("Job");
  });
});

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

describe("pruning", () => {
  it("removes what the spec no longer asks for, and keeps what it only can't build yet", () => {
    const { desired } = withCredentialsAndVolume().plan();
    const external = snapshotFixture({
      model: { provider: "OpenAICompatible", name: "m" },
      database: { mode: "External", external: { secretRef: { name: "pg" } } },
    });
    for (const child of [...desired!.foundation, desired!.migration!, ...Object.values(desired!.servers)]) {
      external.put(child);
    }
    const removed = external.plan().remove.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(removed).toContain("Deployment/demo-model");
    expect(removed).toContain("Service/demo-db");
    expect(removed.filter((id) => /demo-(frontend|api|mcp|migrate)/.test(id))).toEqual([]);
  });

  it("keeps data that names the resource as its owner, as a restored claim may", () => {
    const external = snapshotFixture({
      ...DEMO,
      database: { mode: "External", external: { secretRef: { name: "pg" } } },
    });
    const { uid } = external.snapshot().assistant.metadata;
    external.putVolume({}, { ownerReferences: [{ uid }] });
    expect(external.snapshot().children.has("PersistentVolumeClaim/demo-db-data")).toBe(true);
    expect(external.plan().remove).toEqual([]);
  });
});

describe("a suspension", () => {
  const planWith = (spec: object, replicas: number, isOwned: boolean, status?: TaskAssistantStatus) => {
    const fixture = withCredentialsAndVolume(spec, status);
    const { api } = fixture.plan().desired!.servers;
    const annotations = isOwned ? { "taskassistant.dev/owns-replicas": "true" } : {};
    fixture.put(api!, {}, { metadata: { ...api!.metadata, annotations }, spec: { ...api!.spec, replicas } });
    return fixture.plan();
  };
  const handover = (made: Plan) =>
    made.apply.find(({ child }) => child.kind === "Deployment" && child.metadata.name === "demo-api")?.handover;
  const migrated = (): TaskAssistantStatus => ({
    database: { migration: withCredentialsAndVolume().plan().desired!.migration!.metadata.name },
  });

  it("lets no migration begin, though the database accepts connections", () => {
    const fixture = withCredentialsAndVolume({ ...DEMO, suspend: true });
    const { database, migration } = fixture.plan().desired!;
    fixture.put(database!, { readyReplicas: 1 });
    const made = fixture.plan();
    expect(made.waiting.get(`Job/${migration!.metadata.name}`)).toEqual({ kind: "resumption" });
    expect(kindsAppliedBy(made)).not.toContain("Job");
  });

  it("saves a count that somebody else set, and keeps it while it lasts", () => {
    expect(planWith({ ...DEMO, suspend: true }, 3, false).suspendedReplicas).toEqual({ api: 3 });
    const saved = { suspendedReplicas: { api: 3 } };
    expect(planWith({ ...DEMO, suspend: true }, 0, true, saved).suspendedReplicas).toEqual({ api: 3 });
  });

  it("hands the saved count back when it ends", () => {
    const made = planWith(DEMO, 0, true, { ...migrated(), suspendedReplicas: { api: 3 } });
    expect(handover(made)).toBe(3);
    expect(made.suspendedReplicas).toEqual({ api: 3 });
  });

  it("discards the saved count once it was handed back", () => {
    const made = planWith(DEMO, 3, false, { ...migrated(), suspendedReplicas: { api: 3 } });
    expect(handover(made)).toBeUndefined();
    expect(made.suspendedReplicas).toBeUndefined();
  });
});

describe("a replica count that the spec gives up", () => {
  const handoverOf = (spec: object, replicas: number) => {
    const migration = withCredentialsAndVolume().plan().desired!.migration!.metadata.name;
    const fixture = withCredentialsAndVolume(spec, { database: { migration } });
    const { api } = fixture.plan().desired!.servers;
    const annotations = { "taskassistant.dev/owns-replicas": "true" };
    fixture.put(api!, {}, { metadata: { ...api!.metadata, annotations }, spec: { ...api!.spec, replicas } });
    return fixture.plan().apply.find(({ child }) => child.kind === "Deployment" && child.metadata.name === "demo-api")
      ?.handover;
  };

  it("is handed over as it is", () => expect(handoverOf(DEMO, 5)).toBe(5));
  it("becomes 1 if it was 0", () => expect(handoverOf(DEMO, 0)).toBe(1));
  it("is not handed over while the spec sets it", () =>
    expect(handoverOf({ ...DEMO, api: { replicas: 2 } }, 5)).toBeUndefined());
});
