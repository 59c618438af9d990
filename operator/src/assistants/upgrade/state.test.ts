import { describe, expect, it } from "vitest";
import { upgradeView as view } from "../../../test/fixtures/upgrade-fixture.ts";
import { COMPONENTS } from "../desired/index.ts";
import { STEPS, type StepName, type UpgradeRecord } from "./record.ts";
import { foreseen, upgradeState } from "./state.ts";
import type { UpgradeView } from "./view.ts";

const BACKUP = { destination: { pvc: { claimName: "backups" } }, encryption: { secretRef: { name: "key" } } };
/** It changes the schema. */
const FAR = { spec: { version: "1.2.0", backup: BACKUP }, running: "1.0.0" };

/** What is built from the new release at each step. */
const MOVED: { readonly [S in StepName]: readonly string[] } = {
  Preflight: [],
  Backup: [],
  Migrate: ["db", "migrate"],
  MCP: ["db", "migrate", "mcp", "model", "maintenance"],
  API: ["db", "migrate", "mcp", "model", "maintenance", "api"],
  Frontend: [...COMPONENTS],
  Verify: [...COMPONENTS],
};

/** Observations with which every step before this one is done, and this one is not. */
function at(step: StepName): Partial<UpgradeView["observed"]> {
  const isPast = (other: StepName) => STEPS.indexOf(other) < STEPS.indexOf(step);
  const tier = (name: StepName) => ({ version: isPast(name) ? "1.2.0" : "1.0.0", isComplete: true });
  return {
    isPrepared: isPast("Preflight"),
    backup: () => (isPast("Backup") ? "done" : "pending"),
    migration: () => (isPast("Migrate") ? "done" : "pending"),
    tiers: { mcp: tier("MCP"), api: tier("API"), frontend: tier("Frontend") },
    probe: undefined,
  };
}

function record(step: NonNullable<UpgradeRecord["step"]>, more: UpgradeRecord = {}): UpgradeRecord {
  const times = { startedAt: "2026-01-01T00:00:00Z", stepStartedAt: "2026-01-01T00:09:50Z" };
  const backup = step === "Preflight" ? {} : { backupRef: "demo-20260101-000000" };
  return { step, from: "1.0.0", to: "1.2.0", ...times, ...backup, ...more };
}

const movedAt = (made: ReturnType<typeof upgradeState>) =>
  COMPONENTS.filter((component) => made.versionOf(component) === "1.2.0");

describe("an assistant without an upgrade", () => {
  it.each([
    ["installs the operator's release, and none runs before it works", { running: undefined }, "1.3.0", undefined],
    ["installs the release it names", { running: undefined, spec: { version: "1.0.0" } }, "1.0.0", undefined],
    ["stays on the release it names", { running: "1.0.0", spec: { version: "1.0.0" } }, "1.0.0", "1.0.0"],
    [
      "stays on the running release under policy Manual",
      { running: "1.0.0", spec: { upgrade: { policy: "Manual" } } },
      "1.0.0",
      "1.0.0",
    ],
    ["never goes back by itself", { running: "1.4.0" }, "1.4.0", "1.4.0"],
  ])("%s", (_what, given, target, running) => {
    const made = upgradeState(view(given));
    expect(made).toMatchObject({ target, isActive: false });
    expect([made.running, made.hold, made.record]).toEqual([running, undefined, undefined]);
    expect(new Set(COMPONENTS.map(made.versionOf))).toEqual(new Set([target]));
  });

  it("is told of a newer release that it does not follow", () => {
    expect(upgradeState(view({ running: "1.0.0", spec: { version: "1.0.0" } })).newer).toBe("1.3.0");
    expect(upgradeState(view({ running: "1.3.0" })).newer).toBeUndefined();
  });
});

describe("an upgrade", () => {
  it("begins with its preflight and builds everything from the running release", () => {
    const made = upgradeState(view({ ...FAR, observed: at("Preflight") }));
    expect(made.record).toEqual({
      step: "Preflight",
      from: "1.0.0",
      to: "1.2.0",
      startedAt: "2026-01-01T00:10:00Z",
      stepStartedAt: "2026-01-01T00:10:00Z",
    });
    expect(made).toMatchObject({ running: "1.0.0", target: "1.2.0", isActive: true });
    expect(movedAt(made)).toEqual([]);
  });

  it.each(STEPS)("waits at %s, and builds from the new release what this step and those before move", (step) => {
    const made = upgradeState(view({ ...FAR, observed: at(step), recorded: record(step) }));
    expect(made.record).toEqual(record(step));
    expect(movedAt(made).sort()).toEqual([...MOVED[step]].sort());
    expect(made.running).toBe("1.0.0");
  });

  it.each(STEPS)("killed anywhere before %s was recorded goes on with it", (step) => {
    for (const earlier of STEPS.slice(0, STEPS.indexOf(step) + 1)) {
      const made = upgradeState(view({ ...FAR, observed: at(step), recorded: record(earlier) }));
      expect(made.record?.step).toBe(step);
    }
  });

  it("runs the new release once it is verified, and forgets earlier tries", () => {
    const probe = { at: new Date("2026-01-01T00:09:55Z"), isGood: true };
    const tried = { failedVersion: "1.2.0", tries: 2, triedGeneration: 1, rollbacks: 2 };
    const made = upgradeState(
      view({ ...FAR, observed: { ...at("Verify"), probe }, recorded: record("Verify", tried) }),
    );
    expect(made).toMatchObject({ running: "1.2.0", isActive: false, schemaVersion: 10 });
    expect(made.record).toEqual({
      ...record("Done"),
      stepStartedAt: "2026-01-01T00:10:00Z",
      rollbacks: 2,
    });
    expect(movedAt(made)).toEqual([...COMPONENTS]);
  });

  it.each([
    ["a bad answer", { at: new Date("2026-01-01T00:09:55Z"), isGood: false }],
    ["an answer from before its last step", { at: new Date("2026-01-01T00:09:45Z"), isGood: true }],
    ["no answer", undefined],
  ])("is not verified by %s", (_what, probe) => {
    const made = upgradeState(view({ ...FAR, observed: { ...at("Verify"), probe }, recorded: record("Verify") }));
    expect(made.record?.step).toBe("Verify");
  });

  it("counts on ready pods where probes are disabled", () => {
    const made = upgradeState(
      view({ ...FAR, observed: { ...at("Verify"), probe: "disabled" }, recorded: record("Verify") }),
    );
    expect(made.record?.step).toBe("Done");
  });

  it.each(["MCP", "API", "Frontend", "Verify"] as const)("at %s has the schema of the new release", (step) => {
    const made = upgradeState(view({ ...FAR, observed: at(step), recorded: record(step) }));
    expect(made.schemaVersion).toBe(10);
  });

  it("stops its clock while the assistant is suspended, and starts it again afterwards", () => {
    const given = { ...FAR, observed: at("API"), recorded: record("API", { stepStartedAt: "2026-01-01T00:00:00Z" }) };
    const stopped = upgradeState(view({ ...given, spec: { version: "1.2.0", suspend: true } })).record;
    expect(stopped?.stepStartedAt).toBeUndefined();
    const resumed = upgradeState(view({ ...given, recorded: stopped })).record;
    expect(resumed).toMatchObject({ step: "API", stepStartedAt: "2026-01-01T00:10:00Z" });
  });
});

describe("the way of an upgrade", () => {
  it("leads over the releases in between that the schema needs", () => {
    const made = upgradeState(view({ spec: { version: "1.3.0" }, running: "1.0.0", observed: at("Preflight") }));
    expect(made.record?.to).toBe("1.2.0");
    expect(made.target).toBe("1.3.0");
  });

  it("goes on to the next release when the one before is done", () => {
    const made = upgradeState(
      view({ spec: { version: "1.3.0" }, running: "1.2.0", schemaVersion: 10, recorded: record("Done") }),
    );
    expect(made.record).toMatchObject({ step: "Migrate", from: "1.2.0", to: "1.3.0" });
  });

  it("leads back where the older release works on the schema", () => {
    const made = upgradeState(view({ spec: { version: "1.1.0" }, running: "1.2.0", schemaVersion: 10 }));
    expect(made.record).toMatchObject({ from: "1.2.0", to: "1.1.0" });
    expect(made.schemaVersion).toBe(10);
  });

  it("does not exist where the older release would meet a schema that lacks what it needs", () => {
    const made = upgradeState(view({ spec: { version: "1.0.0" }, running: "1.3.0", schemaVersion: 11 }));
    expect(made).toMatchObject({ hold: { kind: "downgradeRefused" }, isActive: false, running: "1.3.0" });
    expect(new Set(COMPONENTS.map(made.versionOf))).toEqual(new Set(["1.3.0"]));
  });
});

describe("a failure", () => {
  const late = (step: StepName, more: UpgradeRecord = {}) =>
    record(step, { stepStartedAt: "2025-12-31T23:59:00Z", ...more });

  it.each(STEPS)("at %s, which missed its deadline, leads back to the running release", (step) => {
    const made = upgradeState(view({ ...FAR, observed: at(step), recorded: late(step), schemaVersion: 9 }));
    expect(made.record).toMatchObject({
      step: "RollingBack",
      failedVersion: "1.2.0",
      failedStep: step,
      tries: 1,
      rollbacks: 1,
      reason: "DeadlineExceeded",
    });
    expect(made.running).toBe("1.0.0");
    expect(movedAt(made)).toEqual([]);
  });

  it("of the migration counts at once, but not one from before the step", () => {
    const migration: UpgradeView["observed"]["migration"] = (_version, since) =>
      new Date("2026-01-01T00:09:55Z") < since ? "pending" : "failed";
    const given = { ...FAR, observed: { ...at("Migrate"), migration } };
    expect(upgradeState(view({ ...given, recorded: record("Migrate") })).record?.step).toBe("RollingBack");
    const later = record("Migrate", { stepStartedAt: "2026-01-01T00:09:58Z" });
    expect(upgradeState(view({ ...given, recorded: later })).record?.step).toBe("Migrate");
  });

  it("of the backup counts at once", () => {
    const made = upgradeState(
      view({ ...FAR, observed: { ...at("Backup"), backup: () => "failed" }, recorded: record("Backup") }),
    );
    expect(made.record).toMatchObject({ step: "RollingBack", failedStep: "Backup", reason: "StepFailed" });
  });

  it("keeps what was known of its cause", () => {
    const cause = { reason: "ImagePullFailed", message: "No such image." };
    const made = upgradeState(view({ ...FAR, observed: at("API"), recorded: late("API", cause) }));
    expect(made.record).toMatchObject(cause);
  });

  it("is rolled back when every tier is again what it was", () => {
    const back = record("RollingBack", { failedVersion: "1.2.0", failedStep: "API", tries: 1, triedGeneration: 1 });
    expect(upgradeState(view({ ...FAR, observed: at("API"), recorded: back })).record?.step).toBe("RollingBack");
    const done = upgradeState(view({ ...FAR, observed: at("Preflight"), recorded: back }));
    expect(done.record).toMatchObject({ step: "RolledBack", stepStartedAt: "2026-01-01T00:10:00Z" });
    expect(done.isActive).toBe(false);
  });

  it("whose way back misses its deadline says so, and may still succeed", () => {
    const back = record("RollingBack", { stepStartedAt: "2025-12-31T23:59:00Z", triedGeneration: 1 });
    const failed = upgradeState(view({ ...FAR, observed: at("API"), recorded: back })).record;
    expect(failed?.step).toBe("Failed");
    expect(upgradeState(view({ ...FAR, observed: at("Preflight"), recorded: failed })).record?.step).toBe("RolledBack");
  });

  it("is tried again after a pause, three times in all", () => {
    const after = (tries: number, stepStartedAt: string, generation = 1) =>
      upgradeState(
        view({
          ...FAR,
          observed: at("Preflight"),
          generation,
          recorded: record("RolledBack", { failedVersion: "1.2.0", tries, triedGeneration: 1, stepStartedAt }),
        }),
      );
    expect(after(1, "2026-01-01T00:09:45Z").hold).toEqual({ kind: "retry", at: "2026-01-01T00:10:15Z" });
    expect(after(1, "2026-01-01T00:09:30Z").record).toMatchObject({ step: "Preflight", tries: 1 });
    expect(after(2, "2026-01-01T00:09:30Z").hold).toMatchObject({ kind: "retry" });
    expect(after(3, "2025-01-01T00:00:00Z").hold).toEqual({ kind: "givenUp" });
    expect(after(3, "2025-01-01T00:00:00Z", 2).record).toMatchObject({ step: "Preflight" });
    expect(after(3, "2025-01-01T00:00:00Z", 2).record?.tries).toBeUndefined();
  });

  it("without a way back stays where it is, counts once, and goes on when the step succeeds", () => {
    const spec = { version: "1.2.0", upgrade: { rollbackOnFailure: false } };
    const stopped = upgradeState(view({ ...FAR, spec, observed: at("API"), recorded: late("API") }));
    expect(stopped.record).toMatchObject({ step: "API", failedStep: "API", tries: 1 });
    expect(movedAt(stopped).sort()).toEqual([...MOVED.API].sort());
    const again = upgradeState(view({ ...FAR, spec, observed: at("API"), recorded: stopped.record }));
    expect(again.record).toEqual(stopped.record);
    const healed = upgradeState(view({ ...FAR, spec, observed: at("Frontend"), recorded: stopped.record }));
    expect(healed.record).toMatchObject({ step: "Frontend" });
    expect(healed.record?.failedStep).toBeUndefined();
  });
});

describe("another wish", () => {
  const given = { observed: at("API"), running: "1.0.0", schemaVersion: 10 };

  it.each(STEPS)("for the running release cancels an upgrade at %s, and is no failed try", (step) => {
    const made = upgradeState(view({ ...given, spec: { version: "1.0.0" }, recorded: record(step) }));
    expect(made.record).toMatchObject({ step: "RollingBack", reason: "Cancelled" });
    expect(made.record?.tries).toBeUndefined();
    expect(movedAt(made)).toEqual([]);
  });

  it.each([...STEPS, "RollingBack", "RolledBack", "Failed"] as const)("ends an upgrade at %s at once", (step) => {
    const failed = { failedVersion: "1.2.0", tries: 3, triedGeneration: 1 };
    const made = upgradeState(view({ ...given, spec: { version: "1.1.0" }, recorded: record(step, failed) }));
    expect(made.record).toMatchObject({ from: "1.0.0", to: "1.1.0", startedAt: "2026-01-01T00:10:00Z" });
    expect(made.record?.tries).toBeUndefined();
  });
});

describe("an upgrade that the spec asks for waits", () => {
  const window = (schedule: string) => ({ schedule, duration: "1h", timeZone: "Europe/Berlin" });
  const wish = (spec: object, requested?: string) =>
    upgradeState(
      view({ ...FAR, spec: { version: "1.2.0", ...spec }, observed: at("Preflight"), ...(requested && { requested }) }),
    );

  it("for its window, which is open from its schedule on for its duration", () => {
    // It is 01:10 in Berlin.
    expect(wish({ upgrade: { window: window("0 1 * * *") } }).record?.step).toBe("Preflight");
    expect(wish({ upgrade: { window: window("11 1 * * *") } }).hold).toEqual({
      kind: "window",
      version: "1.2.0",
      opens: "2026-01-01T00:11:00Z",
    });
    expect(wish({ upgrade: { window: window("10 0 * * *") } }).record?.step).toBe("Preflight");
    expect(wish({ upgrade: { window: window("9 0 * * *") } }).hold?.kind).toBe("window");
    expect(wish({ upgrade: { window: window("0 0 31 2 *") } }).hold).toEqual({ kind: "window", version: "1.2.0" });
  });

  it("for the allowance of a migration, if that is asked for", () => {
    const manual = { database: { migrations: { policy: "Manual" } } };
    expect(wish(manual).hold).toEqual({ kind: "approval", version: "1.2.0" });
    expect(wish({ ...manual, version: "1.1.0" }).record?.step).toBe("Preflight");
  });

  it.each([{ upgrade: { window: window("11 1 * * *") } }, { database: { migrations: { policy: "Manual" } } }])(
    "not when a person names the release: %o",
    (spec) => {
      expect(wish(spec, "1.2.0").record?.step).toBe("Preflight");
      expect(wish(spec, "1.1.0").hold).toBeDefined();
    },
  );

  it("for the end of a suspension", () => {
    expect(wish({ suspend: true }).hold).toEqual({ kind: "suspended" });
  });
});

describe("the backup before an upgrade", () => {
  it.each([
    ["OnMigration", "1.2.0", "Backup"],
    ["OnMigration", "1.1.0", "MCP"],
    ["Always", "1.1.0", "Backup"],
    ["Never", "1.2.0", "Migrate"],
  ])("is made as the policy %s asks: the upgrade to %s waits at %s", (policy, version, step) => {
    const migration = () => (version === "1.2.0" ? ("pending" as const) : ("done" as const));
    const spec = { version, upgrade: { backupBefore: policy }, backup: BACKUP };
    const made = upgradeState(view({ running: "1.0.0", spec, observed: { migration } })).record;
    expect(made?.step).toBe(step);
    expect(made?.backupRef).toBe(step === "Backup" ? "demo-20260101-001000" : undefined);
  });

  it("is not made for a resource that does not say where", () => {
    const made = upgradeState(view({ running: "1.0.0", spec: { version: "1.2.0" } })).record;
    expect(made).toMatchObject({ step: "Migrate" });
    expect(made?.backupRef).toBeUndefined();
  });

  it("is another one in the next try", () => {
    const failed = record("RolledBack", {
      stepStartedAt: "2026-01-01T00:00:10Z",
      failedVersion: "1.2.0",
      failedStep: "Backup",
      tries: 1,
      triedGeneration: 1,
    });
    const made = upgradeState(view({ ...FAR, recorded: failed })).record;
    expect(made).toMatchObject({ step: "Backup", backupRef: "demo-20260101-001000" });
  });
});

describe("a restore", () => {
  it("is what an upgrade waits for before it begins", () => {
    const made = upgradeState(view({ ...FAR, restoring: "back" }));
    expect(made).toMatchObject({ record: undefined, isActive: false, hold: { kind: "restore", name: "back" } });
  });

  it.each(STEPS)("that began with it stops the clock of an upgrade at %s, which then goes on", (step) => {
    const late = record(step, { stepStartedAt: "2025-12-31T00:00:00Z" });
    const observed = at(step);
    const stopped = upgradeState(view({ ...FAR, observed, recorded: late, restoring: "back" })).record;
    expect(stopped).toMatchObject({ step });
    expect(stopped?.stepStartedAt).toBeUndefined();
    const resumed = upgradeState(view({ ...FAR, observed, recorded: stopped })).record;
    expect(resumed).toMatchObject({ step, stepStartedAt: "2026-01-01T00:10:00Z" });
  });
});

describe("an assistant whose children are frozen", () => {
  it("is planned as it would be after its upgrade, which does not begin", () => {
    const made = foreseen(view({ ...FAR, observed: at("Preflight") }));
    expect(movedAt(made)).toEqual([...COMPONENTS]);
    expect([made.record, made.running, made.isActive]).toEqual([undefined, "1.0.0", false]);
  });

  it("is planned as it is while its upgrade waits for something else", () => {
    const made = foreseen(view({ ...FAR, spec: { version: "1.2.0", suspend: true }, observed: at("Preflight") }));
    expect(movedAt(made)).toEqual([]);
  });

  it.each(["API", "RollingBack"] as const)("in the middle of an upgrade at %s stops the clock", (step) => {
    const late = record(step, { stepStartedAt: "2025-12-31T23:59:00Z" });
    const stopped = foreseen(view({ ...FAR, observed: at("API"), recorded: late })).record;
    expect(stopped).toMatchObject({ step });
    expect(stopped?.stepStartedAt).toBeUndefined();
    const resumed = upgradeState(view({ ...FAR, observed: at("API"), recorded: stopped })).record;
    expect(resumed).toMatchObject({ step, stepStartedAt: "2026-01-01T00:10:00Z" });
  });
});
