import type { ReasonOf } from "../../../../api/taskassistants/v1alpha1/index.ts";
import { lastFailure, podTrouble } from "../../../../pods/index.ts";
import { readJobLogs } from "../../../../words/advice.ts";
import { clipped, sentence } from "../../../../words/quote.ts";
import { liveJob } from "../../../observe/snapshot.ts";
import { worksOnPresentSchema } from "../../../upgrade/index.ts";
import type { Facts } from "../facts.ts";
import { type Finding, finding } from "../finding.ts";
import { waitsFor } from "../gate-words.ts";
import { podsOf } from "../pods/pods-of.ts";
import { componentPodsRefused } from "../pods/pods-refused.ts";

/** Whether schema, roles and policies are those of the release. */
export function migrationFinding({ snapshot, plan }: Facts): Finding {
  const { assistant, now } = snapshot;
  const { migration } = plan;
  const job = plan.desired?.migration;
  const before = assistant.status?.database?.migration;
  // While the inputs of a migration are unknown, or a person holds it back, the result of the last one still holds.
  const isHeld = plan.frozen !== undefined && liveJob(snapshot, job) === undefined;
  const holdsStill = migration.phase === "unknown" || isHeld;
  const applied = migration.phase === "done" ? job?.metadata.name : holdsStill ? before : undefined;
  const upgrade = plan.upgrade?.record;
  if (worksOnPresentSchema(upgrade)) {
    const message = `The schema serves release ${upgrade?.from}. The upgrade to ${upgrade?.to} is at work on it.`;
    return finding("MigrationsApplied", "Upgrading", message);
  }
  if (applied !== undefined) return finding("MigrationsApplied", "Applied", `Job ${applied} succeeded.`);
  if (assistant.spec.suspend) {
    return finding("MigrationsApplied", "Suspended", "The migration runs once spec.suspend is false.");
  }
  if (job === undefined) return finding("MigrationsApplied", "Waiting", "The migration is waiting for the database.");

  const { name } = job.metadata;
  const isRunning = liveJob(snapshot, job) !== undefined;
  const pods = podsOf(snapshot, "migrate").filter(
    ({ metadata: { labels } }) => labels?.["batch.kubernetes.io/job-name"] === name,
  );
  const failure =
    lastFailure(pods) ?? (migration.phase === "failed" ? migration.job.status?.conditions?.[0]?.message : undefined);
  if (failure !== undefined && isRunning) {
    const { reason, message } = migrationFailure(failure);
    const retry = migration.phase === "failed" ? "The operator retries it every minute." : "It is being retried.";
    const next = readJobLogs(assistant.metadata.namespace, name);
    return finding("MigrationsApplied", reason, `${sentence(message)} ${retry} ${next}`);
  }
  const trouble =
    (isRunning ? componentPodsRefused(snapshot, "Job", name, "migrate") : undefined) ?? podTrouble(pods, now);
  if (trouble !== undefined) return finding("MigrationsApplied", trouble.reason, trouble.message);
  if (isRunning) return finding("MigrationsApplied", "Migrating", `Job ${name} is running.`);
  const gate = waitsFor(plan, "Job", name) ?? "the database";
  return finding("MigrationsApplied", "Waiting", `The migration is waiting for ${gate}.`);
}

const FAILURES = [
  "DatabaseUnreachable",
  "AuthenticationFailed",
  "PermissionDenied",
  "ForeignData",
  "SchemaTooNew",
  "MigrationFailed",
] as const satisfies readonly ReasonOf<"MigrationsApplied">[];

const FAILURE_LENGTH = 500;

/** Reads `{reason, message}` as JSON from the last such line of the migration's output; any other output is the message. */
export function migrationFailure(output: string): { reason: (typeof FAILURES)[number]; message: string } {
  for (const line of output.trim().split("\n").reverse()) {
    try {
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed !== "object" || parsed === null || !("reason" in parsed) || !("message" in parsed)) continue;
      const reason = FAILURES.find((each) => each === parsed.reason);
      if (reason !== undefined) return { reason, message: String(parsed.message) };
    } catch {}
  }
  return { reason: "MigrationFailed", message: clipped(output, FAILURE_LENGTH) };
}
