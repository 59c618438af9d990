import { describe, expect, it } from "vitest";
import {
  appliedBy,
  kindsAppliedBy,
  snapshotFixture,
  withCredentialsAndVolume,
} from "../../../test/fixtures/snapshot-fixture.ts";
import { isWorkload } from "../../kinds/index.ts";
import { allChildren } from "../desired/index.ts";

const DEMO = { model: { provider: "Demo" } };

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
