import type { KubeClient } from "../../kube/index.ts";
import { backupObject, databaseMode, seconds } from "../desired/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import { createBackup } from "./create-backup.ts";

/** How far the backup before a deletion is. In doubt the data stays. */
export type FinalBackup =
  | { readonly kind: "wanted" | "waiting"; readonly name: string; readonly until: Date }
  | { readonly kind: "stored"; readonly name: string; readonly at: Date }
  | { readonly kind: "impossible"; readonly why: string };

/** Judges the backup before the deletion. Pure. */
export function finalBackup({ assistant, backups, now }: Snapshot): FinalBackup {
  const { metadata, spec } = assistant;
  if (spec.backup === undefined) return { kind: "impossible", why: "spec.backup was removed" };
  const name = finalBackupName(metadata);
  const made = backups.find((backup) => backup.metadata.name === name);
  const complete = made?.status?.conditions?.find(({ type }) => type === "Complete");
  if (made?.status?.phase === "Succeeded" && made.status.verifiedAt !== undefined) {
    return { kind: "stored", name, at: new Date(made.status.finishedAt ?? made.status.verifiedAt) };
  }
  if (made?.status?.phase === "Failed" || made?.status?.phase === "Succeeded") {
    return { kind: "impossible", why: `backup ${name} failed: ${complete?.message ?? "it was not verified"}` };
  }
  if (spec.suspend && databaseMode(spec).runsPods) {
    return { kind: "impossible", why: "the resource is suspended, so its database is stopped" };
  }
  const until = new Date(Date.parse(metadata.deletionTimestamp ?? "") + seconds(spec.deletion.backupTimeout) * 1000);
  if (!(until > now)) {
    const last = complete === undefined ? "" : `: ${complete.message}`;
    return { kind: "impossible", why: `backup ${name} was not verified within ${spec.deletion.backupTimeout}${last}` };
  }
  return { kind: made === undefined ? "wanted" : "waiting", name, until };
}

/** Another resource of the same name has another one. */
function finalBackupName({ name, uid }: { readonly name: string; readonly uid: string }): string {
  return `${name}-final-${uid.slice(0, 8)}`;
}

/** Creates the backup before the deletion. */
export async function createFinalBackup(
  deps: { readonly client: KubeClient; readonly signal: AbortSignal },
  { assistant }: Snapshot,
  name: string,
): Promise<void> {
  const { namespace, name: of } = assistant.metadata;
  const backup = backupObject({ namespace, name, assistant: of, cause: "deletion", settings: { verify: "Always" } });
  await createBackup(deps, backup);
}
