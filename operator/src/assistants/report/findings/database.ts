import type { REASONS } from "../../../api/taskassistants/v1alpha1/index.ts";
import { databaseMode, namesOf } from "../../desired/index.ts";
import { lastFailure, podTrouble } from "../../observe/pods.ts";
import { liveDatabase, liveJob, type Observed } from "../../observe/snapshot.ts";
import type { Plan } from "../../plan/plan.ts";
import { type Finding, finding } from "../conditions.ts";
import { podsOf } from "./servers.ts";

/** Whether PostgreSQL can be used. */
export function databaseFinding(observed: Observed, plan: Plan): Finding {
  const blocker = plan.blockers.find(({ type }) => type === "DatabaseReady");
  if (blocker !== undefined) return blocker;
  const { spec, metadata } = observed.assistant;
  const { reason, message } = databaseMode(spec).verdict({
    assistant: observed.assistant,
    volume: observed.volume,
    external: observed.external,
    server: liveDatabase(observed),
    waitsFor: plan.waiting.get(namesOf(metadata.name).component("db")),
    trouble: podTrouble(podsOf(observed, "db"), observed.now),
    migration: migrationFinding(observed, plan),
  });
  return finding("DatabaseReady", reason, message);
}

/** Whether schema, roles and policies are those of the release. */
export function migrationFinding(observed: Observed, plan: Plan): Finding {
  const { spec, metadata } = observed.assistant;
  const { migration } = plan;
  const job = plan.desired?.migration;
  const before = observed.assistant.status?.database?.migration;
  // What the inputs ask for can't be told now; what was done before still holds.
  if (migration.phase === "unknown" && before !== undefined)
    return finding("MigrationsApplied", "Applied", `Job ${before} succeeded.`);
  if (migration.phase === "done")
    return finding("MigrationsApplied", "Applied", `Job ${job?.metadata.name} succeeded.`);
  if (spec.suspend) return finding("MigrationsApplied", "Suspended", "Runs when spec.suspend is false again.");
  const live = liveJob(observed, job);
  const pods = podsOf(observed, "migrate").filter(
    ({ metadata: { labels } }) => labels?.["batch.kubernetes.io/job-name"] === job?.metadata.name,
  );
  const failure =
    lastFailure(pods) ?? (migration.phase === "failed" ? migration.job.status?.conditions?.[0]?.message : undefined);
  if (failure !== undefined && live !== undefined) {
    const { reason, message } = migrationFailure(failure);
    const again = migration.phase === "failed" ? "It is tried again every minute." : "It is being tried again.";
    return finding(
      "MigrationsApplied",
      reason,
      `${message} ${again} Next: kubectl -n ${metadata.namespace} logs job/${job?.metadata.name}`,
    );
  }
  const trouble = podTrouble(pods, observed.now);
  if (trouble !== undefined) return finding("MigrationsApplied", trouble.reason, trouble.message);
  if (live !== undefined) return finding("MigrationsApplied", "Migrating", `Job ${job?.metadata.name} runs.`);
  const waitsFor = (job === undefined ? undefined : plan.waiting.get(job.metadata.name)) ?? "the database";
  return finding("MigrationsApplied", "Waiting", `The migration waits for ${waitsFor}.`);
}

const FAILURES = [
  "DatabaseUnreachable",
  "AuthenticationFailed",
  "PermissionDenied",
  "ForeignData",
  "SchemaTooNew",
  "MigrationFailed",
] as const satisfies readonly (keyof typeof REASONS.MigrationsApplied.reasons)[];

/** The migration's last words: `{reason, message}` as JSON, the last line of its log, or anything. */
export function migrationFailure(words: string): { reason: (typeof FAILURES)[number]; message: string } {
  for (const line of words.trim().split("\n").reverse()) {
    try {
      const parsed: unknown = JSON.parse(line);
      if (typeof parsed !== "object" || parsed === null || !("reason" in parsed) || !("message" in parsed)) continue;
      const reason = FAILURES.find((each) => each === parsed.reason);
      if (reason !== undefined) return { reason, message: String(parsed.message) };
    } catch {}
  }
  const text = words.trim().replace(/\s+/g, " ");
  return { reason: "MigrationFailed", message: text.length > 500 ? `...${text.slice(-500)}` : text };
}
