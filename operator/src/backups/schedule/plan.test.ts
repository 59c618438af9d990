import { describe, expect, it } from "vitest";
import { assistant } from "../../../test/fixtures/assistant-fixture.ts";
import type { TaskAssistantBackup } from "../../api/backups/v1alpha1/index.ts";
import { beyond, schedulePlan } from "./plan.ts";

const NOW = new Date("2026-05-10T12:00:00Z");
const FOLDER = "file:///backups/team/demo/";

function backup(day: number, more: object = {}): TaskAssistantBackup {
  const name = `b${day}`;
  const at = `2026-05-${String(day).padStart(2, "0")}T03:00:00Z`;
  return {
    apiVersion: "taskassistant.dev/v1alpha1",
    kind: "TaskAssistantBackup",
    metadata: { namespace: "team", name, uid: `uid-${day}` },
    spec: { assistantRef: { name: "demo" } },
    status: { phase: "Succeeded", startedAt: at, finishedAt: at, location: `${FOLDER}${name}-x/`, ...more },
  };
}

function view(retention: object, backups: readonly TaskAssistantBackup[], stored?: readonly string[], next?: string) {
  const policy = {
    destination: { pvc: { claimName: "backups" } },
    encryption: { secretRef: { name: "key" } },
    retention,
  };
  const resource = assistant({ model: { provider: "Demo" }, backup: policy });
  const status = next === undefined ? {} : { status: { backup: { next } } };
  const told = stored === undefined ? undefined : { ids: new Set(stored), at: "2026-05-10T11:00:00Z" };
  return schedulePlan({ assistant: { ...resource, ...status }, backups, stored: told, now: NOW });
}

const names = (found: readonly TaskAssistantBackup[]) => found.map(({ metadata }) => metadata.name);

describe("the retention", () => {
  const retained = (retention: { keepLast: number; maxAge?: string }, ...backups: TaskAssistantBackup[]) =>
    names(beyond(backups, { retention }, NOW));

  it("keeps the last ones, and none that is too old", () => {
    expect(retained({ keepLast: 2 }, backup(9), backup(8), backup(7))).toEqual(["b7"]);
    expect(retained({ keepLast: 9, maxAge: "48h" }, backup(9), backup(8), backup(7))).toEqual(["b8", "b7"]);
  });

  it("never removes the last good one: the newest, or the newest that was verified", () => {
    expect(retained({ keepLast: 1, maxAge: "24h" }, backup(2))).toEqual([]);
    expect(retained({ keepLast: 1 }, backup(9), backup(8), backup(7, { verifiedAt: "2026-05-07T04:00:00Z" }))).toEqual([
      "b8",
    ]);
  });

  it("runs a prune when something is beyond it, and forgets a backup only when its files are gone", () => {
    const backups = [backup(9), backup(8), backup(7)];
    expect(view({ keepLast: 1 }, backups).pruneAfter?.metadata.name).toBe("b9");
    expect(view({ keepLast: 1 }, backups).remove).toEqual([]);
    const after = view({ keepLast: 1 }, backups, ["b9-x", "b8-x"]);
    expect([names(after.remove), after.pruneAfter?.metadata.name]).toEqual([["b7"], "b9"]);
    expect(view({ keepLast: 3 }, backups).pruneAfter).toBeUndefined();
  });

  it("believes no prune that began before a backup was made", () => {
    const late = backup(9, { finishedAt: "2026-05-10T11:30:00Z" });
    const newest = backup(10);
    expect(names(view({ keepLast: 1 }, [newest, late], ["b10-x"]).remove)).toEqual([]);
  });

  it("forgets a failed backup once all that is kept is newer, and looks at no other folder", () => {
    const failed = backup(6, { phase: "Failed" });
    expect(names(view({ keepLast: 1 }, [backup(9), failed]).remove)).toEqual(["b6"]);
    expect(view({ keepLast: 1 }, [backup(9), backup(5, { location: "s3://other/team/demo/b5-x/" })])).toEqual({
      remove: [],
    });
  });
});

describe("the schedule", () => {
  const due = "2026-05-10T03:00:00Z";
  it("makes the backup that is due, once, under the name of its time", () => {
    expect(view({ keepLast: 7 }, [], undefined, due).create?.metadata.name).toBe("demo-20260510-0300");
    const made = { ...backup(10), metadata: { namespace: "team", name: "demo-20260510-0300", uid: "u" } };
    expect(view({ keepLast: 7 }, [made], undefined, due).create).toBeUndefined();
  });

  it("makes none while another one is not finished", () => {
    expect(view({ keepLast: 7 }, [backup(9, { phase: "Running" })], undefined, due).create).toBeUndefined();
  });

  it("waits for a time that is to come", () => {
    const plan = view({ keepLast: 7 }, [], undefined, "2026-05-10T12:10:00Z");
    expect([plan.create, plan.requeueAfterMs]).toEqual([undefined, 600_000]);
  });
});
