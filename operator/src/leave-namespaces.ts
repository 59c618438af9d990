import { errorText } from "@taskassistant/kit/failures";
import { DATA_FINALIZER, type TaskAssistant, taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import { notWatchedStatus } from "./assistants/index.ts";
import { builtin, isConflict, type KubeClient, type KubeObject, refOf } from "./kube/index.ts";
import { leaveOneShots } from "./leave-one-shots.ts";

interface Lease extends KubeObject {
  readonly spec?: { readonly holderIdentity?: string; readonly leaseDurationSeconds?: number };
}

/** An upgrade that takes namespaces out of `watchNamespaces`. */
export interface Leaving {
  /** The namespaces that leave the list; ["*"] for all but those that stay. */
  readonly leaving: readonly string[];
  readonly staying: readonly string[];
  /** Namespace of the operator, with which the identities in its leases begin. */
  readonly installation: string;
  /** Name of the lease in each namespace. */
  readonly lease: string;
  /** Waits until the running operator has noticed that it lost the leases. */
  readonly settle: () => Promise<void>;
  readonly now: Date;
  /** For whoever reads the output of the upgrade. */
  readonly say: (line: string) => void;
}

/** Seconds for which the running operator does not take a lease back. By then the upgrade has removed its Role. */
const HOLD_SECONDS = 60;
const TRIES = 5;

/**
 * Marks the TaskAssistants of namespaces that leave the list, and their backups and restores that have not ended, because
 * afterwards nobody keeps their status true. The lease of each namespace is taken from the running operator first, or it would write Ready again. Namespaces that another installation serves
 * stay as they are. Never throws: an upgrade must not fail because of what it leaves.
 */
export async function leaveNamespaces(client: KubeClient, given: Leaving, signal: AbortSignal): Promise<void> {
  try {
    const found = await assistantsIn(client, given, signal);
    const namespaces = new Set(found.map(({ metadata }) => metadata.namespace ?? ""));
    const ours = new Set<string>();
    for (const namespace of namespaces) if (await takeLease(client, given, namespace, signal)) ours.add(namespace);
    if (ours.size === 0) return;
    await given.settle();
    for (const assistant of found.filter(({ metadata }) => ours.has(metadata.namespace ?? ""))) {
      await mark(client, given, assistant.metadata, signal);
    }
    for (const namespace of ours) await leaveOneShots(client, namespace, given.now, signal);
  } catch (error) {
    given.say(`Not all TaskAssistants of the namespaces that leave could be marked: ${errorText(error)}`);
  }
}

async function assistantsIn(
  client: KubeClient,
  { leaving, staying, say }: Leaving,
  signal: AbortSignal,
): Promise<TaskAssistant[]> {
  const found: TaskAssistant[] = [];
  for (const namespace of leaving) {
    const selection = namespace === "*" ? { signal } : { namespace, signal };
    try {
      found.push(...(await client.list<TaskAssistant>(taskAssistantResource, selection)).items);
    } catch (error) {
      say(`Namespace ${namespace} can't be read, and nothing is marked in it: ${errorText(error)}`);
    }
  }
  return found.filter(({ metadata }) => !staying.includes(metadata.namespace ?? ""));
}

/** Takes the lease of a namespace; false if another installation holds it. */
async function takeLease(
  client: KubeClient,
  { lease: name, installation, say }: Leaving,
  namespace: string,
  signal: AbortSignal,
): Promise<boolean> {
  for (let tries = 0; ; tries += 1) {
    const found = await client.get<Lease>(builtin.Lease, { namespace, name }, { signal });
    const holder = found?.spec?.holderIdentity ?? "";
    if (holder !== "" && !holder.startsWith(`${installation}/`)) {
      say(
        `Namespace ${namespace} is served by the operator in namespace ${holder.split("/")[0]}, and nothing is marked in it.`,
      );
      return false;
    }
    if (found === undefined) return true;
    const spec = { ...found.spec, holderIdentity: `left/${installation}`, leaseDurationSeconds: HOLD_SECONDS };
    try {
      await client.replace({ ...found, spec }, { signal });
      return true;
    } catch (error) {
      // The operator has renewed it in between.
      if (!isConflict(error) || tries === TRIES) throw error;
    }
  }
}

async function mark(
  client: KubeClient,
  { now, say }: Leaving,
  { namespace = "", name }: { readonly namespace?: string; readonly name: string },
  signal: AbortSignal,
): Promise<void> {
  const assistant = (await client.list<TaskAssistant>(taskAssistantResource, { namespace, signal })).items.find(
    ({ metadata }) => metadata.name === name,
  );
  if (assistant === undefined) return;
  const { apiVersion, kind, metadata } = assistant;
  const status = notWatchedStatus(assistant, metadata.finalizers?.includes(DATA_FINALIZER) === true, now);
  const object = { apiVersion, kind, metadata: refOf(assistant), status };
  await client.applyStatus(object as Parameters<KubeClient["applyStatus"]>[0], { signal, force: "always" });
  say(
    `No operator watches ${namespace}/${name} any more. kubectl -n ${namespace} describe ta ${name} shows what to do.`,
  );
}
