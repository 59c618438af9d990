import { beforeEach, describe, expect, it } from "vitest";
import { type SnapshotFixture, snapshotFixture } from "../../../../test/fixtures/snapshot-fixture.ts";
import type { TaskAssistantBackup } from "../../../api/backups/v1alpha1/index.ts";
import type { TaskAssistantStatus } from "../../../api/taskassistants/v1alpha1/index.ts";
import { CATALOGUE, type Catalogue } from "../../../releases/index.ts";
import type { EventNote, ReconcileContext } from "../../../runtime/index.ts";
import { allChildren } from "../../desired/index.ts";
import type { ProbeOutcome } from "../../observe/probe-outcome.ts";
import { assess } from "../findings/assess.ts";
import { factsOf } from "../findings/facts.ts";
import { nextStatus } from "../status.ts";
import { recordUpgrade } from "./record-upgrade.ts";

const base = CATALOGUE.releases[CATALOGUE.bundled]!;
const at = (version: string) =>
  Object.fromEntries(Object.keys(base.images).map((part) => [part, `r.example/${part}:${version}`])) as never;
/** Newer than the bundled one, which still serves it. */
const schema = { min: base.schema.max, max: base.schema.max + 1, compatibleFrom: base.schema.max };
const catalogue: Catalogue = {
  bundled: "0.1.0",
  releases: {
    "0.1.0": { ...base, images: at("0.1.0") },
    "0.2.0": { ...base, images: at("0.2.0"), schema },
  },
};
const DONE = { observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };

let fixture: SnapshotFixture;
let events: EventNote[];
let lines: string[];

beforeEach(async () => {
  fixture = snapshotFixture({ model: { provider: "Demo" } }, undefined, catalogue);
  events = [];
  lines = [];
  fixture.putCredentials();
  fixture.putVolume();
  await live(3);
  expect(status().version?.running).toBe("0.1.0");
  events = [];
  lines = [];
});

function status(): TaskAssistantStatus {
  return fixture.snapshot().assistant.status ?? {};
}

/** One reconcile: what the plan applies becomes true at once, but for the children that `fails` names. */
async function reconcile(fails: (id: string) => boolean, probe: ProbeOutcome, isAnswered: boolean): Promise<void> {
  const before = fixture.snapshot();
  const answer = { at: before.now, isGood: probe !== "disabled" && probe?.frontend === undefined };
  const planned = fixture.plan(isAnswered ? answer : undefined);
  const client = {
    applyStatus: async (object: { status: TaskAssistantStatus }) => fixture.record(object.status),
  };
  const context = { client, signal: new AbortController().signal } as unknown as ReconcileContext;
  const deps = { events: { record: (event: EventNote) => void events.push(event) } };
  const record = await recordUpgrade(deps, context, before, planned, probe);
  const made =
    record === undefined || planned.upgrade === undefined
      ? planned
      : { ...planned, upgrade: { ...planned.upgrade, record } };
  for (const { child } of made.apply) {
    const isBroken = fails(`${child.kind}/${JSON.stringify(child).match(/r\.example\/\w+:[\d.]+/)?.[0]}`);
    const metadata = { ...child.metadata, generation: 1 };
    if (child.kind === "Deployment") {
      const replicas = { spec: { ...child.spec, replicas: 1 }, metadata };
      fixture.put(child, isBroken ? { ...DONE, updatedReplicas: 0, replicas: 2 } : DONE, replicas);
    } else if (child.kind === "Job") {
      const failed = { type: "Failed", status: "True", lastTransitionTime: "2026-01-01T00:10:00Z", message: "no" };
      fixture.put(child, { conditions: [isBroken ? failed : { type: "Complete", status: "True" }] }, { metadata });
    } else fixture.put(child, child.kind === "StatefulSet" ? { readyReplicas: 1 } : {}, { metadata });
  }
  for (const { kind, metadata } of made.remove) fixture.remove(kind, metadata.name);
  const after = fixture.snapshot();
  const facts = factsOf(after, made, []);
  fixture.record(nextStatus(after, made, assess(facts, probe ?? {}), { operatorVersion: "0.1.0" }, probe));
  const { upgrade, version, conditions } = status();
  const ready = conditions?.find(({ type }) => type === "Ready");
  lines.push(`${ready?.status} ${ready?.reason} ${version?.running} ${upgrade?.step ?? "-"}`);
}

async function live(times: number, fails: (id: string) => boolean = () => false, probe: ProbeOutcome = {}) {
  for (let count = 0; count < times; count += 1) await reconcile(fails, probe, true);
}

const images = () =>
  allChildren(fixture.plan().desired!)
    .flatMap((child) => JSON.stringify(child).match(/r\.example\/\w+:[\d.]+/g) ?? [])
    .sort();

describe("an upgrade from beginning to end", () => {
  it("goes through its steps, stays Ready, and runs the new release in every part", async () => {
    fixture.change({ version: "0.2.0" });
    await live(6);
    expect(lines).toEqual([
      "True Upgrading 0.1.0 Migrate",
      "True Upgrading 0.1.0 MCP",
      "True Upgrading 0.1.0 API",
      "True Upgrading 0.1.0 Frontend",
      "True Ready 0.2.0 Done",
      "True Ready 0.2.0 Done",
    ]);
    expect(images().every((image) => image.endsWith(":0.2.0"))).toBe(true);
    expect(status().database).toMatchObject({ schemaVersion: schema.max });
    expect(status().database?.migration).toBe(fixture.plan().desired?.migration?.metadata.name);
    expect(events.map(({ reason }) => reason)).toEqual([
      "Upgrading",
      "Upgrading",
      "Upgrading",
      "Upgrading",
      "Upgraded",
    ]);
  });

  it("whose migration fails is rolled back, and no server has moved", async () => {
    fixture.change({ version: "0.2.0" });
    await live(4, (id) => id === "Job/r.example/mcp:0.2.0");
    expect(lines).toEqual([
      "True Upgrading 0.1.0 Migrate",
      "True RollingBack 0.1.0 RollingBack",
      "True Ready 0.1.0 RolledBack",
      "True Ready 0.1.0 RolledBack",
    ]);
    expect(status().upgrade).toMatchObject({ failedStep: "Migrate", tries: 1 });
    expect(images().every((image) => image.endsWith(":0.1.0"))).toBe(true);
    expect(fixture.plan().migration.phase).toBe("done");
  });

  it("that is cancelled while the API is replaced goes back at once", async () => {
    fixture.change({ version: "0.2.0" });
    const fails = (id: string) => id === "Deployment/r.example/api:0.2.0";
    await live(5, fails);
    expect(lines.at(-1)).toBe("True Upgrading 0.1.0 API");
    fixture.change({ version: "0.1.0" });
    await live(3, fails);
    expect(lines.slice(-3)).toEqual([
      "True RollingBack 0.1.0 RollingBack",
      "True Ready 0.1.0 RolledBack",
      "True Ready 0.1.0 RolledBack",
    ]);
    expect(images().every((image) => image.endsWith(":0.1.0"))).toBe(true);
    expect(status().upgrade).toMatchObject({ reason: "Cancelled" });
    expect(status().database).toMatchObject({ schemaVersion: schema.max });
  });

  it("of an operator with a newer release changes no pod of an assistant that stays on its own", () => {
    const before = fixture.plan().desired;
    fixture.change({ upgrade: { policy: "Manual" } }, { ...catalogue, bundled: "0.2.0" });
    expect(fixture.plan().desired).toEqual(before);
    expect(fixture.plan().upgrade).toMatchObject({ running: "0.1.0", target: "0.1.0", newer: "0.2.0" });
  });

  it("counts the pods of the new release alone, though the old ones are ready too", async () => {
    fixture.change({ version: "0.2.0" });
    await live(3);
    const api = fixture.plan().desired!.servers.api!;
    const put = (counts: object) =>
      fixture.put(
        api,
        { ...DONE, ...counts },
        { spec: { ...api.spec, replicas: 3 }, metadata: { ...api.metadata, generation: 1 } },
      );
    put({ replicas: 4, updatedReplicas: 1, readyReplicas: 3, availableReplicas: 3 });
    expect(fixture.finding("Upgradeable")?.message).toContain("step 5 of 7: API, 0 of 3 pods.");
    put({ replicas: 4, updatedReplicas: 2, readyReplicas: 4, availableReplicas: 4 });
    expect(fixture.finding("Upgradeable")?.message).toContain("step 5 of 7: API, 2 of 3 pods.");
  });

  describe("with a backup before it", () => {
    const at = (phase: string, complete: object, percent?: number) => {
      const object = { apiVersion: "taskassistant.dev/v1alpha1", kind: "TaskAssistantBackup" };
      const conditions = [{ type: "Complete", status: "Unknown", ...complete }];
      const metadata = { namespace: "default", name: status().upgrade?.backupRef };
      const backup = { ...object, metadata, spec: { assistantRef: { name: "demo" } } };
      fixture.putBackups({ ...backup, status: { phase, conditions, percent } } as unknown as TaskAssistantBackup);
    };
    const destination = { pvc: { claimName: "backups" } };
    const message = () => status().conditions?.find(({ type }) => type === "Upgradeable")?.message;

    beforeEach(async () => {
      fixture.change({ version: "0.2.0", backup: { destination, encryption: { secretRef: { name: "key" } } } });
      fixture.putSecret("key", "identity");
      await live(1);
    });

    it("creates it, tells how far it is, and goes on when it is stored", async () => {
      const { createBackup } = fixture.plan();
      expect(createBackup).toMatchObject({
        kind: "TaskAssistantBackup",
        metadata: { name: "demo-20260101-001000", labels: { "taskassistant.dev/backup-cause": "upgrade" } },
        spec: { assistantRef: { name: "demo" } },
      });
      at("Running", { reason: "Running", message: "The database is being stored." }, 47);
      await live(1);
      expect(fixture.plan().createBackup).toBeUndefined();
      expect(message()).toContain("step 2 of 7: Backup, 40 %.");
      at("Succeeded", { reason: "Succeeded", message: "The backup is stored." }, 100);
      await live(1);
      expect(lines).toEqual([
        "True Upgrading 0.1.0 Backup",
        "True Upgrading 0.1.0 Backup",
        "True Upgrading 0.1.0 Migrate",
      ]);
    });

    it("says what the backup waits for", async () => {
      at("Pending", { reason: "Waiting", message: "It waits for backup other." });
      await live(2);
      expect(message()).toContain("step 2 of 7: Backup, 0 %. Backup demo-20260101-001000: It waits for backup other.");
    });

    it("whose backup fails ends the try with its reason, and nothing has changed", async () => {
      at("Failed", { reason: "StorageFull", message: "The volume is full." });
      await live(2);
      expect(status().upgrade).toMatchObject({
        step: "RolledBack",
        failedStep: "Backup",
        tries: 1,
        reason: "StorageFull",
        message: "Backup demo-20260101-001000: The volume is full.",
      });
      expect(images().every((image) => image.endsWith(":0.1.0"))).toBe(true);
    });
  });

  it("is left alone by an older operator that does not know what runs, or its schema", async () => {
    fixture.change({ version: "0.2.0" });
    await live(6);
    const older: Catalogue = { bundled: "0.1.0", releases: { "0.1.0": catalogue.releases["0.1.0"]! } };
    fixture.change({}, older);
    expect(fixture.plan()).toMatchObject({ apply: [], remove: [], blockers: { accepted: { what: "running" } } });
    fixture.change({ version: "0.1.0" }, older);
    fixture.record({ ...status(), version: { running: "0.1.0" } });
    expect(fixture.plan()).toMatchObject({ apply: [], remove: [], blockers: { accepted: { what: "schema" } } });
  });
});
