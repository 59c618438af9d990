import { isDeepStrictEqual } from "node:util";
import type { TaskAssistantStatus } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { ReconcileContext } from "../../../runtime/index.ts";
import type { ProbeOutcome } from "../../observe/probe-outcome.ts";
import type { Snapshot } from "../../observe/snapshot.ts";
import type { Plan } from "../../plan/plan.ts";
import type { UpgradeRecord } from "../../upgrade/index.ts";
import type { ReportDeps } from "../report.ts";
import { writeStatus } from "../write-status.ts";
import { upgradeEvent } from "./events.ts";
import { explained } from "./explained.ts";

/**
 * Stores the next step of an upgrade before it is carried out, so that a crash in between repeats it and never skips it.
 * Returns the record as it was stored; undefined when nothing was to be stored.
 */
export async function recordUpgrade(
  deps: Pick<ReportDeps, "events">,
  context: ReconcileContext,
  snapshot: Snapshot,
  { upgrade }: Plan,
  probe: ProbeOutcome,
): Promise<UpgradeRecord | undefined> {
  const { assistant } = snapshot;
  const before = assistant.status?.upgrade;
  if (upgrade?.record === undefined || isDeepStrictEqual(facts(before), facts(upgrade.record))) return undefined;
  const record = explained(snapshot, upgrade.record, probe);
  const { version, database, ...status } = assistant.status ?? {};
  const next: TaskAssistantStatus = {
    ...status,
    upgrade: record,
    version: { ...version, ...(upgrade.running === undefined ? {} : { running: upgrade.running }) },
    database: { ...database, schemaVersion: upgrade.schemaVersion },
  };
  await writeStatus(context, assistant, next);
  const event = upgradeEvent(assistant, before, record);
  if (event !== undefined) deps.events.record(event);
  return record;
}

/** What decides, without what explains. */
function facts(record: UpgradeRecord | undefined) {
  const { message: _message, reason: _reason, ...rest } = record ?? {};
  return rest;
}
