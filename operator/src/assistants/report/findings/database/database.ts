import { podTrouble } from "../../../../pods/index.ts";
import { restoreSecretOrStartOver } from "../../../../words/advice.ts";
import { databaseMode, namesOf } from "../../../desired/index.ts";
import { liveDatabase, type Snapshot } from "../../../observe/snapshot.ts";
import type { DatabaseBlocker } from "../../../plan/blockers.ts";
import type { Facts } from "../facts.ts";
import { type Finding, finding } from "../finding.ts";
import { waitsFor } from "../gate-words.ts";
import { podsOf } from "../pods/pods-of.ts";
import { componentPodsRefused } from "../pods/pods-refused.ts";

/** Whether PostgreSQL can be used. `migration`: the condition MigrationsApplied. */
export function databaseFinding({ snapshot, plan }: Facts, migration: Finding): Finding {
  const { assistant, volume, external, now } = snapshot;
  if (plan.blockers.database !== undefined) return blocked(snapshot, plan.blockers.database);
  const mode = databaseMode(assistant.spec);
  const server = mode.server(assistant.metadata.name);
  const { reason, message } = mode.verdict({
    assistant,
    volume,
    external,
    server: liveDatabase(snapshot),
    waitsFor: server === undefined ? undefined : waitsFor(plan, server.kind, server.name),
    trouble:
      (server && componentPodsRefused(snapshot, server.kind, server.name, "db")) ??
      podTrouble(podsOf(snapshot, "db"), now),
    migration,
  });
  return finding("DatabaseReady", reason, message);
}

function blocked({ assistant: { metadata, spec } }: Snapshot, blocker: DatabaseBlocker): Finding {
  if (blocker.kind === "dataUnusable") {
    return finding("DatabaseReady", blocker.verdict.reason, blocker.verdict.message);
  }
  const problems = blocker.lost.map(({ secret, missingKeys }) =>
    missingKeys.length === 0 ? `Secret ${secret} is missing` : `Secret ${secret} has no ${missingKeys.join(", ")}`,
  );
  const { databaseSecret, authSecret } = namesOf(metadata.name);
  const next = restoreSecretOrStartOver(metadata, {
    secrets: [databaseSecret, authSecret],
    discard: databaseMode(spec).discard(metadata),
  });
  return finding(
    "DatabaseReady",
    "CredentialsMissing",
    `${problems.join(", ")}, and the existing data can't be read without it. ${next}`,
  );
}
