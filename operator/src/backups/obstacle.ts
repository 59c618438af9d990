import type { BackupReasonOf, TaskAssistantBackup } from "../api/backups/v1alpha1/index.ts";
import { missingFor, type Place, suspended } from "../backup-jobs/index.ts";
import { folderOf, isFinished } from "../backup-policy/index.ts";
import { changeSpec } from "../words/advice.ts";
import type { BackupSnapshot } from "./snapshot.ts";

/** Why a backup can't begin yet. */
export interface Obstacle {
  readonly reason: BackupReasonOf<"Complete">;
  readonly message: string;
}

/** What keeps a backup from beginning, or where it goes. */
export function obstacleOf(snapshot: BackupSnapshot): Obstacle | Place {
  const { backup, view, present } = snapshot;
  const { namespace } = backup.metadata;
  const { name } = backup.spec.assistantRef;
  if (view === undefined) {
    const message = `TaskAssistant ${name} doesn't exist in this namespace. Next: kubectl -n ${namespace} get ta.`;
    return { reason: "AssistantNotFound", message };
  }
  const place = placeOf(snapshot);
  if (place === undefined) {
    const settings = {
      backup: { destination: { pvc: { claimName: "CLAIM" } }, encryption: { secretRef: { name: "SECRET" } } },
    };
    const message = `Neither this backup nor TaskAssistant ${name} says where it is stored. ${changeSpec({ namespace, name }, settings)}`;
    return { reason: "DestinationMissing", message };
  }
  const missing = missingFor(present, place.destination, place.encryption);
  if (missing !== undefined) return missing;
  if (view.databaseObstacle === "suspended") return suspended({ namespace, name });
  const busy = whatRuns(snapshot);
  if (busy !== undefined) return { reason: "Waiting", message: `It waits for ${busy}.` };
  if (view.input === undefined || view.endpoint === undefined || view.databaseObstacle !== undefined) {
    const next = `Next: kubectl -n ${namespace} get ta ${name} -o wide.`;
    return { reason: "Waiting", message: `It waits for the database of TaskAssistant ${name}. ${next}` };
  }
  return place;
}

/** The destination of a backup: its own, or that of its assistant. */
export function placeOf({ backup, view }: Pick<BackupSnapshot, "backup" | "view">): Place | undefined {
  const own = backup.spec.destination === undefined ? view?.assistant.spec.backup : backup.spec;
  if (own?.destination === undefined || own.encryption === undefined) return undefined;
  const { destination, encryption } = own;
  const { name, namespace, uid } = backup.metadata;
  const folder = folderOf(destination, { namespace, name: backup.spec.assistantRef.name });
  // A later backup of the same name has a folder of its own.
  return { destination, encryption, location: `${folder}${name}-${uid.slice(0, 8)}/` };
}

/** What has the database for itself, or comes first. */
function whatRuns({ backup, view, others }: BackupSnapshot): string | undefined {
  if (view?.restoring !== undefined) return `restore ${view.restoring}`;
  const running = others.find((each) => each.status?.phase === "Running" || each.status?.phase === "Verifying");
  const before = running ?? others.find((each) => couldBegin(each) && isBefore(each, backup));
  return before === undefined ? undefined : `backup ${before.metadata.name}`;
}

/** Whether a backup waits for nothing but its turn. */
function couldBegin(backup: TaskAssistantBackup): boolean {
  const complete = backup.status?.conditions?.find(({ type }) => type === "Complete");
  return !isFinished(backup) && (complete === undefined || complete.reason === "Waiting");
}

function isBefore(a: TaskAssistantBackup, b: TaskAssistantBackup): boolean {
  const [first, second] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp} ${metadata.name}`);
  return (first ?? "") < (second ?? "");
}
