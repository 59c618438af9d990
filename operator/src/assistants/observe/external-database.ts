import { errorTextWithCause } from "@taskassistant/kit/failures";
import type { TaskAssistant } from "../../api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS } from "../../kinds/index.ts";
import { type Identified, type KubeClient, type KubeObject, linkedAbort } from "../../kube/index.ts";
import type { ObjectName } from "../../runtime/index.ts";
import { databaseMode, type ExternalAddress, parseDatabaseUri } from "../desired/index.ts";
import type { Caches } from "./caches.ts";

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
    const read = await readSecret(client, { namespace, name }, signal);
    if ("unreadable" in read) return read;
    const value = read.data?.[key];
    if (value === undefined) return undefined;
    const address = parseDatabaseUri(Buffer.from(value, "base64").toString("utf8"));
    known.set(id, { fingerprint, address });
    return address;
  };
}

/** Milliseconds for the read. What is left of the reconcile's deadline is for everything that does not need the address. */
const LIMIT_MS = 10_000;

/** A Secret; without data when it does not exist. Rejects only when the signal aborts. */
async function readSecret(
  client: KubeClient,
  ref: ObjectName,
  signal: AbortSignal,
): Promise<Pick<SecretWithData, "data"> | { readonly unreadable: string }> {
  const limit = linkedAbort(signal, LIMIT_MS);
  try {
    return (await client.get<SecretWithData>(CHILD_KINDS.Secret.resource, ref, { signal: limit.signal })) ?? {};
  } catch (error) {
    signal.throwIfAborted();
    return { unreadable: errorTextWithCause(error) };
  } finally {
    limit.release();
  }
}
