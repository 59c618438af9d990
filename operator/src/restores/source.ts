import type { RestoreReasonOf } from "../api/restores/v1alpha1/index.ts";
import { missingFor, type Place, suspended } from "../backup-jobs/index.ts";
import { holds } from "../backup-policy/index.ts";
import type { RestoreSnapshot } from "./snapshot.ts";

/** Why a restore can't begin yet. */
export interface Obstacle {
  readonly reason: RestoreReasonOf<"Complete">;
  readonly message: string;
}

/** What keeps a restore from beginning; undefined when it can begin. */
export function obstacleOf(snapshot: RestoreSnapshot): Obstacle | undefined {
  const { restore, view, present, busy } = snapshot;
  const { namespace } = restore.metadata;
  const { name } = restore.spec.target.assistantRef;
  if (view === undefined) {
    const message = `TaskAssistant ${name} doesn't exist in this namespace. Next: create it, then the restore goes on. kubectl -n ${namespace} get ta shows those that exist.`;
    return { reason: "AssistantNotFound", message };
  }
  const place = placeOf(snapshot);
  if ("reason" in place) return place;
  const missing = missingFor(present, place.destination, place.encryption);
  if (missing !== undefined) return missing;
  if (view.databaseObstacle === "suspended") return suspended({ namespace, name });
  if (view.frozen) {
    const message = `The operator may not stop the services of TaskAssistant ${name}: the annotation taskassistant.dev/reconcile or taskassistant.dev/plan is set. Next: kubectl -n ${namespace} annotate ta ${name} taskassistant.dev/reconcile- taskassistant.dev/plan-.`;
    return { reason: "AssistantFrozen", message };
  }
  if (view.upgrading !== undefined) {
    const next = `Next: kubectl -n ${namespace} get ta ${name} -o wide.`;
    return {
      reason: "Waiting",
      message: `It waits for the upgrade of TaskAssistant ${name} to ${view.upgrading}. ${next}`,
    };
  }
  if (busy !== undefined) return { reason: "Waiting", message: `It waits for ${busy}.` };
  if (view.input === undefined || view.endpoint === undefined || view.databaseObstacle !== undefined) {
    const next = `Next: kubectl -n ${namespace} get ta ${name} -o wide.`;
    return { reason: "Waiting", message: `It waits for the database of TaskAssistant ${name}. ${next}` };
  }
  return undefined;
}

/** Where the backup is, or what is missing to know it. */
export function placeOf({ restore, view, source }: RestoreSnapshot): Place | Obstacle {
  const { spec, metadata } = restore;
  const policy = view?.assistant.spec.backup;
  const { backupRef, location } = spec.source;
  if (backupRef !== undefined) {
    const name = `Backup ${backupRef.name}`;
    const list = `Next: kubectl -n ${metadata.namespace} get tab.`;
    if (source === undefined) return { reason: "BackupNotFound", message: `${name} doesn't exist. ${list}` };
    const { phase, destination, encryption, location: place } = source.status ?? {};
    if (phase === "Failed" && source.status?.verifiedAt === undefined) {
      return { reason: "BackupNotReady", message: `${name} has failed. ${list}` };
    }
    if (phase !== "Succeeded" || destination === undefined || place === undefined) {
      return { reason: "Waiting", message: `It waits for ${name} to succeed.` };
    }
    const key = spec.encryption ?? encryption;
    return key === undefined ? unknown(restore, "encryption") : { destination, encryption: key, location: place };
  }
  const destination = spec.source.destination ?? policy?.destination;
  const encryption = spec.encryption ?? policy?.encryption;
  if (location === undefined || destination === undefined) return unknown(restore, "source.destination");
  if (!holds(destination, location)) return unknown(restore, "a source.destination that fits the location");
  return encryption === undefined ? unknown(restore, "encryption") : { destination, encryption, location };
}

function unknown({ spec }: RestoreSnapshot["restore"], field: string): Obstacle {
  const { name } = spec.target.assistantRef;
  const message = `Neither this restore nor spec.backup of TaskAssistant ${name} says how to read the backup. Next: create another TaskAssistantRestore with ${field}.`;
  return { reason: "DestinationMissing", message };
}
