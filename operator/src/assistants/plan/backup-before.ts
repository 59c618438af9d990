import type { KubeObject } from "../../kube/index.ts";
import { backupObject } from "../desired/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import type { UpgradeState } from "../upgrade/index.ts";

/** The backup to create before an upgrade goes on; undefined when it exists or none is wanted. */
export function backupBefore({ assistant, backups }: Snapshot, { record }: UpgradeState): KubeObject | undefined {
  const name = record?.backupRef;
  if (record?.step !== "Backup" || name === undefined) return undefined;
  if (backups.some(({ metadata }) => metadata.name === name)) return undefined;
  const { namespace, name: of } = assistant.metadata;
  return backupObject({ namespace, name, assistant: of, cause: "upgrade" });
}
