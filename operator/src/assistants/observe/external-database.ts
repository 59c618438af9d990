import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS } from "../../kinds/index.ts";
import type { Identified, KubeClient, KubeObject } from "../../kube/index.ts";
import { databaseMode, type ExternalAddress } from "../desired/index.ts";
import type { Caches } from "./caches.ts";
import { parseDatabaseUri } from "./database-uri.ts";

type SecretWithData = KubeObject & { readonly data?: Readonly<Record<string, string>> };

/** Finds the address of an external database. */
export type ExternalLookup = (
  assistant: Identified<TaskAssistant>,
  client: KubeClient,
  signal: AbortSignal,
) => Promise<ExternalAddress | undefined>;

/**
 * The address is inside a Secret, and values never reach the cache. So the Secret is read when its fingerprint changes, and
 * only host, port and database are remembered.
 */
export function createExternalLookup(caches: Caches): ExternalLookup {
  const known = new Map<string, { fingerprint: string; address: ExternalAddress }>();
  return async ({ metadata, spec }, client, signal) => {
    const { namespace } = metadata;
    const reference = databaseMode(spec).addressSecret(spec);
    if (reference === undefined) return undefined;
    const { name, key } = reference;
    const id = `${namespace}/${name}`;
    const fingerprint = caches.secret(namespace, name)?.fingerprints[key];
    if (fingerprint === undefined) {
      known.delete(id);
      return undefined;
    }
    const remembered = known.get(id);
    if (remembered?.fingerprint === fingerprint) return remembered.address;
    const secret = await client.get<SecretWithData>(CHILD_KINDS.Secret.resource, { namespace, name }, { signal });
    const value = secret?.data?.[key];
    if (value === undefined) return undefined;
    const address = parseDatabaseUri(Buffer.from(value, "base64").toString("utf8"));
    known.set(id, { fingerprint, address });
    return address;
  };
}
