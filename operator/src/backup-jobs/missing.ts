import type { Destination, Encryption } from "../api/backups/v1alpha1/index.ts";
import type { KubeObject } from "../kube/index.ts";
import type { ReadCache } from "../runtime/index.ts";
import { addKeys, changeSpec, createByHand } from "../words/advice.ts";
import { destinationSecrets } from "./destination.ts";
import { IDENTITY_KEY } from "./job.ts";

/** What a person has to create before a Job can run. */
export interface Missing {
  readonly reason: "SecretNotFound" | "SecretKeyNotFound" | "ClaimNotFound";
  readonly message: string;
}

/** Where the files of a backup are or go, and what encrypts them. */
export interface Place {
  readonly destination: Destination;
  readonly encryption: Encryption;
  readonly location: string;
}

/** What exists in the namespace. */
export interface Present {
  readonly namespace: string;
  /** The keys of a Secret; undefined when it does not exist. */
  readonly secretKeys: (name: string) => readonly string[] | undefined;
  readonly hasClaim: (name: string) => boolean;
}

/** The first thing that is missing for a destination and its encryption, with the command that creates it. */
export function missingFor(present: Present, destination: Destination, encryption: Encryption): Missing | undefined {
  const { namespace } = present;
  const wanted = [{ name: encryption.secretRef.name, key: IDENTITY_KEY }, ...destinationSecrets(destination)];
  for (const [name, keys] of Map.groupBy(wanted, (each) => each.name)) {
    const found = present.secretKeys(name);
    const asked = keys.map(({ key }) => key);
    if (found === undefined) {
      const next = createByHand(namespace, "Secret", name, asked);
      return { reason: "SecretNotFound", message: `Secret ${name} doesn't exist. ${next}` };
    }
    const lacking = asked.filter((key) => !found.includes(key));
    if (lacking.length > 0) {
      const list = `${lacking.length === 1 ? "key" : "keys"} ${lacking.join(", ")}`;
      const next = addKeys(namespace, "Secret", name, lacking);
      return { reason: "SecretKeyNotFound", message: `Secret ${name} has no ${list}. ${next}` };
    }
  }
  const claim = destination.pvc?.claimName;
  if (claim === undefined || present.hasClaim(claim)) return undefined;
  const next = `Next: create the claim, then kubectl -n ${namespace} get pvc ${claim}.`;
  return { reason: "ClaimNotFound", message: `PersistentVolumeClaim ${claim} doesn't exist. ${next}` };
}

/** What a person has to do when the database that the work needs is stopped. */
export function suspended(assistant: { namespace: string; name: string }) {
  const next = changeSpec(assistant, { suspend: false });
  const message = `TaskAssistant ${assistant.name} is suspended, so its database is stopped. ${next}`;
  return { reason: "AssistantSuspended", message } as const;
}

/** Where to look for what exists. */
interface Lookup {
  readonly secrets: Pick<ReadCache<KubeObject & { readonly fingerprints: object }>, "get">;
  readonly volumes: Pick<ReadCache<KubeObject>, "get">;
}

/** What exists in a namespace that a Job may need. */
export function presentIn({ secrets, volumes }: Lookup, namespace: string): Present {
  return {
    namespace,
    secretKeys: (name) => {
      const found = secrets.get({ namespace, name });
      return found === undefined ? undefined : Object.keys(found.fingerprints);
    },
    hasClaim: (name) => volumes.get({ namespace, name }) !== undefined,
  };
}
