import type { TaskAssistant } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { EventNote } from "../../../runtime/index.ts";
import { STEPS, type UpgradeRecord } from "../../upgrade/index.ts";

/** The Event for the transition between two records of an upgrade; undefined when the step stayed the same. */
export function upgradeEvent(
  regarding: TaskAssistant,
  before: UpgradeRecord | undefined,
  after: UpgradeRecord | undefined,
): EventNote | undefined {
  if (after?.step === undefined) return undefined;
  if (before?.step === after.step && before.startedAt === after.startedAt && before.failedStep === after.failedStep)
    return undefined;
  const way = `${after.from} to ${after.to}`;
  const cause = after.message === undefined ? "" : ` ${after.message}`;
  const note = (type: EventNote["type"], reason: string, text: string): EventNote => ({
    regarding,
    type,
    reason,
    action: "Upgrade",
    note: text,
  });
  switch (after.step) {
    case "Done":
      return note("Normal", "Upgraded", `Upgraded ${way}.`);
    case "RollingBack":
      return after.reason === "Cancelled"
        ? note("Normal", "RollingBack", `The upgrade ${way} was cancelled. Rolling back.`)
        : note(
            "Warning",
            "RollingBack",
            `The upgrade ${way} failed in step ${after.failedStep}.${cause} Rolling back.`,
          );
    case "RolledBack":
      return note("Normal", "RolledBack", `Release ${after.from} runs again.`);
    case "Failed":
      return note("Warning", "RollbackFailed", `The pods of release ${after.from} do not become ready.`);
    default: {
      if (after.failedStep === after.step)
        return note("Warning", "UpgradeStopped", `The upgrade ${way} stopped in step ${after.step}.${cause}`);
      const place = `step ${STEPS.indexOf(after.step) + 1} of ${STEPS.length}: ${after.step}`;
      return note("Normal", "Upgrading", `Upgrading ${way}, ${place}.`);
    }
  }
}
