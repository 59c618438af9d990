import type { LiveJob } from "../kinds/index.ts";
import type { Identified, KubeObject } from "../kube/index.ts";
import { BY_REGARDING, newestRefusal, type PodRefusal, type PodSummary } from "../pods/index.ts";
import { type ChangeType, changedByUser, type KeyRequest, nameOf, PRIORITY, type Watch } from "../runtime/index.ts";
import { type Attempt, attemptOf } from "./attempt.ts";
import { type Command, jobNameOf, WORKS_FOR } from "./job.ts";

/** Milliseconds until an object that the API server refused is tried again. */
export const REFUSED_MS = 10_000;

/** The key of a one-shot resource itself. The operator's own writes need no reconcile. */
export function ofItself(object: KubeObject, old: KubeObject | undefined, change: ChangeType): KeyRequest[] {
  if (change === "updated" && !changedByUser(object, old)) return [];
  if (object.metadata.deletionTimestamp !== undefined) return [{ ...nameOf(object), priority: PRIORITY.deletion }];
  return [change === "resync" ? { ...nameOf(object), priority: PRIORITY.resync } : nameOf(object)];
}

/** Where Jobs and what becomes of them are seen. */
interface Seen {
  readonly jobs: Watch<LiveJob>;
  readonly refusals: Watch<PodRefusal>;
}

/** For a kind: the resource that a Job or a pod works for, and how its Jobs do. */
export function workOf(kind: keyof typeof WORKS_FOR, { jobs, refusals }: Seen) {
  const ownerOf = ({ metadata }: KubeObject) => metadata.labels?.[WORKS_FOR[kind]];
  const worksFor = (object: KubeObject, resource: KubeObject) => ownerOf(object) === resource.metadata.name;

  function ofJob(object: KubeObject): KeyRequest[] {
    const name = ownerOf(object);
    return name === undefined ? [] : [{ namespace: object.metadata.namespace ?? "", name }];
  }

  /** The resource whose Job has its pods refused. The words of a repeated Event are no news. */
  function ofRefusal(refusal: KubeObject, old: KubeObject | undefined): KeyRequest[] {
    const { metadata, regarding, note } = refusal as PodRefusal;
    if (regarding.kind !== "Job" || (old as PodRefusal | undefined)?.note === note) return [];
    const job = jobs.get({ namespace: metadata.namespace ?? "", name: regarding.name });
    return job === undefined ? [] : ofJob(job);
  }

  /** How the Job of a command does. */
  function attempt(command: Command, owner: Identified<KubeObject>, pods: readonly PodSummary[], now: Date): Attempt {
    const job = jobs.get({ namespace: owner.metadata.namespace, name: jobNameOf({ command, owner }) });
    if (job === undefined || !worksFor(job, owner)) return { state: "absent" };
    const { uid } = job.metadata;
    return attemptOf(job, pods, newestRefusal(uid === undefined ? [] : refusals.byIndex(BY_REGARDING, uid)), now);
  }

  return { ofJob, ofRefusal, worksFor, attempt };
}
