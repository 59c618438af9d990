import type { Frozen } from "../../../plan/freeze.ts";
import { STEPS } from "../../../upgrade/index.ts";

const VERBS = { Create: "create", Change: "change", Remove: "remove" } as const;

/** What would happen, in a few words. */
export function planSummary({ changes, migrates, upgrade }: Frozen): string {
  if (changes.length === 0) return "Nothing would change.";
  const counts = (["Create", "Change", "Remove"] as const).flatMap((action) => {
    const count = changes.filter((each) => each.action === action).length;
    return count === 0 ? [] : [`${count} to ${VERBS[action]}`];
  });
  const restarts = restartedBy({ changes });
  const refused = changes.filter((each) => each.refused !== undefined).length;
  return [
    ...(upgrade === undefined ? [] : [`Upgrade from ${upgrade.from} to ${upgrade.to} in ${STEPS.length} steps.`]),
    `${counts.join(", ")}.`,
    restarts.length === 0 ? "No pod restarts." : `The pods of ${restarts.join(", ")} restart.`,
    migrates ? "A migration runs." : "No migration.",
    ...(refused === 0 ? [] : [`The API server would refuse ${refused}.`]),
  ].join(" ");
}

/** The workloads whose pods would be replaced. */
export function restartedBy({ changes }: Pick<Frozen, "changes">): string[] {
  return changes.filter(({ restarts }) => restarts).map(({ name }) => name);
}
