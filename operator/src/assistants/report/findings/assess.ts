import type { Named } from "../../../words/advice.ts";
import type { Deletion } from "../../apply/problem.ts";
import type { ProbeOutcome } from "../../observe/probe-outcome.ts";
import type { Snapshot } from "../../observe/snapshot.ts";
import { acceptedFinding } from "./accepted.ts";
import { backupFindings } from "./database/backup.ts";
import { databaseFinding } from "./database/database.ts";
import { maintenanceFinding } from "./database/maintenance.ts";
import { migrationFinding } from "./database/migration.ts";
import { exposedFinding } from "./exposed.ts";
import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { describeProblems } from "./problems.ts";
import { modelFindings } from "./servers/model.ts";
import { serverFindings } from "./servers/servers.ts";
import { pausedFinding } from "./summary/paused.ts";
import { readyFinding } from "./summary/ready.ts";
import { reconcilingFinding } from "./summary/reconciling.ts";
import { stalledFinding } from "./summary/stalled.ts";
import { upgradeableFinding } from "./upgradeable.ts";

const OF_THE_SPEC: ReadonlySet<string> = new Set(["Accepted", "Exposed"]);

/** All findings about a resource, in the order in which they are shown. Pure. */
export function assess(facts: Facts, probe: ProbeOutcome): Finding[] {
  const migration = migrationFinding(facts);
  const parts = [
    acceptedFinding(facts),
    databaseFinding(facts, migration),
    migration,
    ...serverFindings(facts, probe),
    exposedFinding(facts.snapshot),
  ];
  // What runs is not what a spec asks for that is held back.
  const weighed = facts.plan.frozen === undefined ? parts : parts.filter(({ type }) => !OF_THE_SPEC.has(type));
  const upgradeable = upgradeableFinding(facts);
  const stalled = stalledFinding({ facts, probe, parts: weighed, upgradeable });
  const ready = readyFinding({ facts, probe, parts: weighed, upgradeable, stalled });
  const reconciling = reconcilingFinding({ facts, probe, parts: weighed, upgradeable, stalled, ready });
  const others = [
    ...modelFindings(facts.snapshot, probe),
    maintenanceFinding(facts),
    ...backupFindings(facts.snapshot),
    upgradeable,
  ];
  return [ready, ...parts, ...others, suspendedFinding(facts.snapshot), pausedFinding(facts), reconciling, stalled];
}

/** The findings while a resource is being deleted. */
export function assessDeletion(resource: Named, { left, problems, backup }: Deletion): Finding[] {
  const refused = describeProblems(resource, problems, "refused");
  const failed = describeProblems(resource, problems, "failed");
  const deleting =
    backup !== undefined
      ? `Backup ${backup.name} is made and verified before the data is deleted. If it is not by ${backup.until.toISOString()}, the data stays. Next: kubectl -n ${resource.namespace} get tab ${backup.name} -o wide.`
      : left.length === 0
        ? "Deleting."
        : `Deleting ${left.join(", ")}.`;
  const message = [deleting, refused, failed].filter((text) => text !== undefined).join(" ");
  const stalled =
    refused === undefined
      ? finding("Stalled", "NotStalled", "Nothing blocks progress.")
      : finding("Stalled", "ApplyRefused", refused);
  return [finding("Ready", "Deleting", message), finding("Reconciling", "Progressing", message), stalled];
}

function suspendedFinding({ assistant }: Snapshot): Finding {
  return assistant.spec.suspend
    ? finding(
        "Suspended",
        "Suspended",
        "All pods are stopped because spec.suspend is true. Data, Secrets and routes are kept.",
      )
    : finding("Suspended", "NotSuspended", "spec.suspend is false.");
}
