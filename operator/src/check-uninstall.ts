import { errorText } from "@taskassistant/kit/failures";
import { RESTORE_FINALIZER, taskAssistantRestoreResource } from "./api/restores/v1alpha1/index.ts";
import { taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import { isForbidden, isNotFound, type KubeClient, type KubeObject, type Resource } from "./kube/index.ts";

/** What stands in the way of uninstalling the operator. */
export interface UninstallCheck {
  /** Why it must not be uninstalled yet, with the ways out; undefined when it may be. */
  readonly obstacle: string | undefined;
  /** Namespaces the operator may not read (any more), usually because they were deleted and their Roles with them. */
  readonly unreadable: readonly string[];
}

/** The release that is to be uninstalled. */
export interface HelmRelease {
  readonly name: string;
  readonly namespace: string;
  readonly revision: number;
}

/** Looks for what holds a finalizer, because without the operator its deletion would never finish. */
export async function checkUninstall(
  client: Pick<KubeClient, "list">,
  namespaces: readonly string[],
  release: HelmRelease,
  signal: AbortSignal,
): Promise<UninstallCheck> {
  const unreadable = new Set<string>();
  const assistants = await listed(taskAssistantResource);
  const restores = (await listed(taskAssistantRestoreResource)).filter(({ metadata }) =>
    metadata.finalizers?.includes(RESTORE_FINALIZER),
  );
  const isFree = assistants.length + restores.length === 0;
  return { obstacle: isFree ? undefined : refusal(assistants, restores, release), unreadable: [...unreadable] };

  async function listed(resource: Resource): Promise<KubeObject[]> {
    const found: KubeObject[] = [];
    for (const namespace of namespaces) {
      const selection = namespace === "*" ? { signal } : { namespace, signal };
      try {
        found.push(...(await client.list<KubeObject>(resource, selection)).items);
      } catch (error) {
        if (isForbidden(error)) unreadable.add(namespace);
        // The kind is not installed, so there is nothing to protect.
        else if (!isNotFound(error)) throw error;
      }
    }
    return found;
  }
}

function refusal(
  assistants: readonly KubeObject[],
  restores: readonly KubeObject[],
  { name, namespace, revision }: HelmRelease,
): string {
  const remove = (short: string, found: readonly KubeObject[]) =>
    found.map(({ metadata }) => `\`kubectl -n ${metadata.namespace} delete ${short} ${metadata.name}\``).join(", ");
  // In one line, because Helm 4 prints a line break of a hook's log as a backslash and an n.
  return [
    ...(restores.length === 0
      ? []
      : [
          `${counted(restores, "TaskAssistantRestore", "is", "are")} at work: ${named(restores)}.`,
          `Wait for the end, or delete first (the old data stays): ${remove("tar", restores)}.`,
        ]),
    ...(assistants.length === 0
      ? []
      : [
          `${counted(assistants, "TaskAssistant", "exists", "exist")}: ${named(assistants)}.`,
          `Delete first (with deletion.policy Retain, the default, the data stays): ${remove("ta", assistants)}.`,
        ]),
    `Then uninstall again: \`helm uninstall ${name} -n ${namespace}\`.`,
    "To keep the operator instead, take the release out of the state uninstalling:",
    `\`helm rollback ${name} ${revision} -n ${namespace}\`.`,
  ].join(" ");
}

function named(found: readonly KubeObject[]): string {
  return found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(", ");
}

function counted({ length }: readonly KubeObject[], kind: string, one: string, many: string): string {
  return length === 1 ? `A ${kind} ${one}` : `${length} ${kind}s ${many}`;
}

/** What the check says about a namespace it can't look into. */
export function unreadableNamespace(namespace: string): string {
  return `Namespace ${namespace} can't be read, probably because it was deleted. The check goes on without it.`;
}

/** Why the check itself failed, with the way without it. */
export function uncheckable({ name, namespace }: HelmRelease, error: unknown): string {
  return [
    `Whether TaskAssistants exist could not be found out: ${errorText(error)}`,
    "If you are sure that none is left (`kubectl get ta -A`), uninstall without the check:",
    `\`helm uninstall ${name} -n ${namespace} --no-hooks\`.`,
  ].join(" ");
}
