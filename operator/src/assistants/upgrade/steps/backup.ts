import { changesSchema } from "../holds.ts";
import type { UpgradeView } from "../view.ts";
import { progressLimitMs, type Step, type Underway } from "./step.ts";

/** Waits for the backup before the upgrade, if the policy asks for one and the resource says where backups are stored. */
export const backup: Step = {
  moves: [],
  limitMs: progressLimitMs,
  entered: (view, upgrade) =>
    isWanted(view, upgrade) ? { ...upgrade, backupRef: upgrade.backupRef ?? backupName(view, upgrade) } : upgrade,
  state: (view, upgrade) => {
    if (upgrade.backupRef === undefined || !isWanted(view, upgrade)) return "done";
    const state = view.observed.backup(upgrade.backupRef);
    return state === "pending" ? "waiting" : state;
  },
};

function isWanted(view: UpgradeView, { to }: Underway): boolean {
  const { backup: destination, upgrade } = view.spec;
  if (destination === undefined || upgrade.backupBefore === "Never") return false;
  return upgrade.backupBefore === "Always" || changesSchema(view, to);
}

/** The same after a restart, and another one for each try. */
function backupName({ name, now }: UpgradeView, { startedAt }: Underway): string {
  const [date = "", time = ""] = (startedAt ?? now.toISOString()).split("T");
  return `${name}-${date.replaceAll("-", "")}-${time.slice(0, 8).replaceAll(":", "")}`;
}
