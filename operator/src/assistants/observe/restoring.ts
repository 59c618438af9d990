import type { TaskAssistantRestore } from "../../api/restores/v1alpha1/index.ts";
import type { Snapshot } from "./snapshot.ts";

type View = Pick<Snapshot, "restores" | "assistant">;

/** Whether the services of its target are stopped for a restore. They start again only when its Job can't write any more. */
export function holdsServices({ status }: TaskAssistantRestore): boolean {
  return status?.phase === "Running" && (status.step === "StopServices" || status.step === "Restore");
}

/** The restore for which the services are stopped, if there is one. */
export function activeRestore({ restores }: Pick<View, "restores">): TaskAssistantRestore | undefined {
  return restores.find(holdsServices);
}

/** The restore that is at work on the assistant, from the backup of the present data to the start of the services. */
export function runningRestore({ restores }: Pick<View, "restores">): TaskAssistantRestore | undefined {
  return restores.find(({ status }) => status?.phase === "Running");
}

/** uid of the last restore that replaced the data. It is recorded, because its resource may be deleted. */
export function lastRestore({ restores, assistant }: View): string | undefined {
  const [newest] = restores
    .filter(({ status }) => status?.restoredAt !== undefined)
    .sort((a, b) => (b.status?.restoredAt ?? "").localeCompare(a.status?.restoredAt ?? ""));
  return newest?.metadata.uid ?? assistant.status?.database?.restore;
}
