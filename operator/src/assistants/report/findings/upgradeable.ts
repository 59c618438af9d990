import { approveUpgrade, changeSpec, readRestore, readyAgain, upgradeTo } from "../../../words/advice.ts";
import { type Hold, isActive, MAX_TRIES, type UpgradeRecord } from "../../upgrade/index.ts";
import { progressOf } from "../upgrade/progress.ts";
import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";

/** Whether the assistant runs the wished release, or can go there. */
export function upgradeableFinding(facts: Facts): Finding {
  const { snapshot, plan } = facts;
  const { upgrade } = plan;
  const resource = snapshot.assistant.metadata;
  if (upgrade === undefined) {
    return finding("Upgradeable", "UnsupportedVersion", "The operator changes nothing. See Accepted.");
  }
  const { record, hold, target, running, newer } = upgrade;
  if (record?.step === "Failed") {
    return finding(
      "Upgradeable",
      "RollbackFailed",
      `The pods of release ${record.from} do not become ready. ${cause(record)}`,
    );
  }
  if (isActive(record) && record !== undefined) return underway(facts, record);
  if (hold !== undefined) return held(facts, hold, record);
  if (newer !== undefined) {
    const message = `Release ${running ?? target} runs, and ${newer} is available. ${upgradeTo(resource, newer)}`;
    return finding("Upgradeable", "NewerRelease", message);
  }
  return finding("Upgradeable", "UpToDate", `Release ${target} is what the resource asks for.`);
}

/** What an upgrade, or the way back, is doing; undefined when none is in progress. */
export function upgradeProgress({ snapshot, plan }: Facts): string | undefined {
  const record = plan.upgrade?.record;
  if (record === undefined || !isActive(record)) return undefined;
  const where = progressOf(snapshot, record);
  const text =
    record.step === "RollingBack"
      ? `Going back from release ${record.to} to ${record.from}, ${where}.`
      : `Upgrading ${record.from} to ${record.to}, ${where}.`;
  return record.message === undefined ? text : `${text} ${record.message}`;
}

function underway(facts: Facts, record: UpgradeRecord): Finding {
  const message = upgradeProgress(facts) ?? "";
  if (record.step === "RollingBack") return finding("Upgradeable", "RollingBack", message);
  if (record.failedStep !== undefined) {
    const other = changeSpec(facts.snapshot.assistant.metadata, { version: record.from });
    return finding(
      "Upgradeable",
      "UpgradeStopped",
      `${message} The upgrade goes on once the cause is gone. To go back instead: ${other.replace("Next: ", "")}`,
    );
  }
  return finding("Upgradeable", "Upgrading", message);
}

function held({ snapshot, plan }: Facts, hold: Hold, record: UpgradeRecord | undefined): Finding {
  const resource = snapshot.assistant.metadata;
  const { target, running = "" } = plan.upgrade ?? { target: "" };
  const runs = `Release ${running} runs.`;
  switch (hold.kind) {
    case "suspended":
      return finding("Upgradeable", "Suspended", `The upgrade to ${target} begins once spec.suspend is false.`);
    case "restore":
      return finding(
        "Upgradeable",
        "WaitingForRestore",
        `The upgrade to ${target} begins after restore ${hold.name}, which is at work on the data. ${readRestore(resource, hold.name)}`,
      );
    case "window": {
      const opens = hold.opens === undefined ? "never opens" : `opens at ${hold.opens}`;
      const message = `The upgrade to ${hold.version} waits for spec.upgrade.window, which ${opens}. ${approveUpgrade(resource, hold.version)}`;
      return finding("Upgradeable", "WaitingForWindow", message);
    }
    case "approval": {
      const message = `The upgrade to ${hold.version} changes the schema, and database.migrations.policy is Manual. ${approveUpgrade(resource, hold.version)}`;
      return finding("Upgradeable", "WaitingForApproval", message);
    }
    case "retry": {
      const message = `The upgrade to ${record?.failedVersion} failed in step ${record?.failedStep}, try ${record?.tries} of ${MAX_TRIES}. ${cause(record)} ${runs} The next try is at ${hold.at}.`;
      return finding("Upgradeable", "RolledBack", message);
    }
    case "givenUp": {
      const message = `The upgrade to ${record?.failedVersion} failed ${record?.tries} times, last in step ${record?.failedStep}. ${cause(record)} ${runs} ${readyAgain(resource, running)}`;
      return finding("Upgradeable", "UpgradeFailed", message);
    }
    case "downgradeRefused": {
      const message = `Release ${target} does not work on the schema of the database. ${runs} ${stay(resource, running)}`;
      return finding("Upgradeable", "DowngradeRefused", message);
    }
    case "noPath": {
      const message = `No release that this operator knows leads from ${running} to ${target}. ${runs} ${stay(resource, running)}`;
      return finding("Upgradeable", "NoUpgradePath", message);
    }
  }
}

function stay(resource: Parameters<typeof changeSpec>[0], running: string): string {
  return changeSpec(resource, { version: running });
}

function cause(record: UpgradeRecord | undefined): string {
  return record?.message ?? "";
}
