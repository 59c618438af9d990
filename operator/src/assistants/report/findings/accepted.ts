import {
  addKeys,
  createByHand,
  type Named,
  repairRefusal,
  upgradeOperator,
  useSupportedVersion,
} from "../../../words/advice.ts";
import { sentence } from "../../../words/quote.ts";
import { refusedEnv } from "../../desired/index.ts";
import { keysOf } from "../../observe/snapshot.ts";
import type { AcceptedBlocker, MissingUserData } from "../../plan/blockers.ts";
import type { Facts } from "./facts.ts";
import { type Finding, finding } from "./finding.ts";

/** Whether the resource can be carried out. */
export function acceptedFinding({ snapshot, plan, problems }: Facts): Finding {
  const { metadata } = snapshot.assistant;
  const blocker = plan.blockers.accepted;
  if (blocker !== undefined) return blocked(blocker, metadata);
  const taken = problems.filter((problem) => problem.kind === "nameTaken");
  if (taken.length > 0) {
    const sentences = taken.map(
      ({ object, conflict }) =>
        `${object} already exists and does not belong to this TaskAssistant${conflict === undefined ? "" : ` (${conflict})`}. Remove it, or choose another name for the TaskAssistant.`,
    );
    return finding("Accepted", "NameConflict", sentences.join(" "));
  }
  const exists = `Everything that release ${plan.upgrade?.target} needs from you exists.`;
  return finding("Accepted", "Accepted", [exists, ...leftOut(snapshot)].join(" "));
}

/** Variables that a message names. */
const NAMED_MAX = 20;

/** Names the variables that the pods don't get. */
function leftOut(snapshot: Facts["snapshot"]): string[] {
  const { spec } = snapshot.assistant;
  const refused = refusedEnv({ spec, keysOf: (object) => keysOf(snapshot, object) });
  const sentences = refused
    .slice(0, NAMED_MAX)
    .map(({ path, name, why }) => `${name} of ${path} is left out: it ${why}.`);
  const more = refused.length - sentences.length;
  return more > 0 ? [...sentences, `${more} more are left out.`] : sentences;
}

function blocked(blocker: AcceptedBlocker, resource: { readonly namespace: string; readonly name: string }): Finding {
  switch (blocker.kind) {
    case "unsupportedVersion": {
      return finding("Accepted", "UnsupportedVersion", unsupported(blocker, resource));
    }
    case "userDataMissing": {
      const sentences = blocker.missing.map((each) => missingData(resource.namespace, each));
      return finding("Accepted", reasonFor(blocker.missing), sentences.join(" "));
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

function unsupported(
  { what, version, knownVersions }: AcceptedBlocker & { readonly kind: "unsupportedVersion" },
  resource: Named,
): string {
  const knows = `it knows ${knownVersions.join(", ")}.`;
  switch (what) {
    case "wished":
      return `This operator doesn't know release ${version}; ${knows} ${useSupportedVersion(resource)}`;
    case "running":
      return `Release ${version} runs, which this operator doesn't know; ${knows} The pods stay as they are. ${upgradeOperator()}`;
    case "schema":
      return `The database has schema ${version}, which is newer than this operator's releases; ${knows} The pods stay as they are. ${upgradeOperator()}`;
  }
}

/** A Secret comes before a ConfigMap, and an object before a key. The message names all of them. */
function reasonFor(missing: readonly MissingUserData[]) {
  const lacks = (object: MissingUserData["object"]) => missing.filter((each) => each.object === object);
  const [secrets, configMaps] = [lacks("Secret"), lacks("ConfigMap")];
  if (secrets.some(({ exists }) => !exists)) return "SecretNotFound";
  if (secrets.length > 0) return "SecretKeyNotFound";
  return configMaps.some(({ exists }) => !exists) ? "ConfigMapNotFound" : "ConfigMapKeyNotFound";
}

function missingData(namespace: string, { object, name, exists, keys, paths }: MissingUserData): string {
  const list = `${keys.length === 1 ? "key" : "keys"} ${keys.join(", ")}`;
  const namedBy = `named by ${paths.join(", ")}`;
  return exists
    ? `${object} ${name} has no ${list}, ${namedBy}. ${addKeys(namespace, object, name, keys)}`
    : `${object} ${name}${keys.length === 0 ? "" : ` (${list})`}, ${namedBy}, doesn't exist. ${createByHand(namespace, object, name, keys)}`;
}
