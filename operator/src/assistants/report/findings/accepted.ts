import { addSecretKeys, createSecretByHand, repairRefusal, useSupportedVersion } from "../../advice.ts";
import { refusedEnv } from "../../desired/index.ts";
import { secretKeysOf } from "../../observe/snapshot.ts";
import type { AcceptedBlocker, MissingUserSecret } from "../../plan/blockers.ts";
import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";
import { sentence } from "./words.ts";

/** Whether the resource can be carried out. */
export function acceptedFinding({ snapshot, plan, problems }: Facts): Finding {
  const { metadata, spec } = snapshot.assistant;
  const blocker = plan.blockers.accepted;
  if (blocker !== undefined) return blocked(blocker, metadata, spec.version);
  const taken = problems.filter((problem) => problem.kind === "nameTaken");
  if (taken.length > 0) {
    const sentences = taken.map(
      ({ object, conflict }) =>
        `${object} already exists and does not belong to this TaskAssistant${conflict === undefined ? "" : ` (${conflict})`}. Remove it, or choose another name for the TaskAssistant.`,
    );
    return finding("Accepted", "NameConflict", sentences.join(" "));
  }
  const exists = `Everything that release ${plan.release?.version} needs from you exists.`;
  return finding("Accepted", "Accepted", [exists, ...leftOut(snapshot)].join(" "));
}

/** Variables that a message names. */
const NAMED_MAX = 20;

/** Names the variables that the pods don't get. */
function leftOut(snapshot: Facts["snapshot"]): string[] {
  const { spec } = snapshot.assistant;
  const refused = refusedEnv({ spec, secretKeys: (name) => secretKeysOf(snapshot, name) });
  const sentences = refused
    .slice(0, NAMED_MAX)
    .map(({ path, name, why }) => `${name} of ${path} is left out: it ${why}.`);
  const more = refused.length - sentences.length;
  return more > 0 ? [...sentences, `${more} more are left out.`] : sentences;
}

function blocked(
  blocker: AcceptedBlocker,
  resource: { readonly namespace: string; readonly name: string },
  version: string | undefined,
): Finding {
  switch (blocker.kind) {
    case "unsupportedVersion": {
      const problem = `This operator doesn't know release ${version}; it knows ${blocker.knownVersions.join(", ")}.`;
      return finding("Accepted", "UnsupportedVersion", `${problem} ${useSupportedVersion(resource)}`);
    }
    case "userSecretsMissing": {
      const reason = blocker.secrets.some(({ exists }) => !exists) ? "SecretNotFound" : "SecretKeyNotFound";
      const sentences = blocker.secrets.map((secret) => missingSecret(resource.namespace, secret));
      return finding("Accepted", reason, sentences.join(" "));
    }
    case "fieldInvalid":
      return finding("Accepted", "InvalidField", `${blocker.path} can't be used: ${blocker.problem}.`);
    case "databaseAddressInvalid": {
      const { key, secret, problem } = blocker;
      return finding("Accepted", "InvalidDatabaseURI", `Key ${key} of Secret ${secret} can't be used: ${problem}.`);
    }
    case "databaseAddressUnreadable": {
      const { secret, problem } = blocker;
      const next = repairRefusal(resource.namespace, `Secret ${secret}`, problem);
      return finding(
        "Accepted",
        "SecretUnreadable",
        `${sentence(`Secret ${secret} can't be read: ${problem}`)} ${next}`,
      );
    }
  }
}

function missingSecret(namespace: string, { name, exists, keys, paths }: MissingUserSecret): string {
  const list = `${keys.length === 1 ? "key" : "keys"} ${keys.join(", ")}`;
  const namedBy = `named by ${paths.join(", ")}`;
  return exists
    ? `Secret ${name} has no ${list}, ${namedBy}. ${addSecretKeys(namespace, name, keys)}`
    : `Secret ${name}${keys.length === 0 ? "" : ` (${list})`}, ${namedBy}, doesn't exist. ${createSecretByHand(namespace, name, keys)}`;
}
