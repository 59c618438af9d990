import type { LiveJob } from "../../../../kinds/index.ts";
import { lastFailure, podTrouble } from "../../../../pods/index.ts";
import { readJobLogs, runCronJobNow } from "../../../../words/advice.ts";
import { clipped, sentence } from "../../../../words/quote.ts";
import { namesOf } from "../../../desired/index.ts";
import { childId, type Snapshot } from "../../../observe/snapshot.ts";
import type { Facts } from "../facts.ts";
import { type Finding, finding } from "../finding.ts";
import { waitsFor } from "../gate-words.ts";
import { podsOf } from "../pods/pods-of.ts";
import { componentPodsRefused, jobsRefused } from "../pods/pods-refused.ts";

/** Whether what has expired is deleted. Ready does not depend on it: nobody notices a day without. */
export function maintenanceFinding({ snapshot, plan }: Facts): Finding {
  const { key, assistant } = snapshot;
  const name = namesOf(key.name).component("maintenance");
  if (assistant.spec.suspend) {
    return finding("MaintenanceHealthy", "Suspended", "Nothing is deleted while spec.suspend is true.");
  }
  const cronJob = snapshot.children.get(childId("CronJob", name));
  if (cronJob === undefined) {
    const gate = waitsFor(plan, "CronJob", name) ?? "the database";
    return finding("MaintenanceHealthy", "Waiting", `CronJob ${name} is waiting for ${gate}.`);
  }
  const refused = jobsRefused(snapshot, name);
  if (refused !== undefined) return finding("MaintenanceHealthy", refused.reason, refused.message);
  const [job] = jobsOf(snapshot, cronJob.metadata.uid);
  if (job === undefined) {
    return finding("MaintenanceHealthy", "NotRunYet", `CronJob ${name} has not run yet. It does so once a day.`);
  }
  return jobFinding(snapshot, job, name);
}

function jobFinding(snapshot: Snapshot, job: LiveJob, cronJob: string): Finding {
  const { namespace } = snapshot.key;
  const { name } = job.metadata;
  const ended = (type: string) => job.status?.conditions?.find((each) => each.type === type && each.status === "True");
  if (ended("Complete") !== undefined) {
    return finding("MaintenanceHealthy", "Succeeded", `Job ${name} deleted what had expired.`);
  }
  const pods = podsOf(snapshot, "maintenance").filter(
    ({ metadata: { labels } }) => labels?.["batch.kubernetes.io/job-name"] === name,
  );
  const failed = ended("Failed");
  if (failed !== undefined) {
    const problem = sentence(`Job ${name} failed: ${clipped(lastFailure(pods) ?? failed.message)}`);
    const next = `${readJobLogs(namespace, name)}. ${runCronJobNow(namespace, cronJob)}`;
    return finding("MaintenanceHealthy", "MaintenanceFailed", `${problem} ${next}`);
  }
  const trouble = componentPodsRefused(snapshot, "Job", name, "maintenance") ?? podTrouble(pods, snapshot.now);
  if (trouble !== undefined) return finding("MaintenanceHealthy", trouble.reason, trouble.message);
  return finding("MaintenanceHealthy", "Running", `Job ${name} is running.`);
}

/** The Jobs of the CronJob, the newest first. A Job that somebody started from it is one of them. */
function jobsOf({ children }: Snapshot, uid: string | undefined): LiveJob[] {
  return [...children.values()]
    .filter(({ kind, metadata }) => kind === "Job" && metadata.ownerReferences?.some((owner) => owner.uid === uid))
    .sort((a, b) => (b.metadata.creationTimestamp ?? "").localeCompare(a.metadata.creationTimestamp ?? ""));
}
