import { errorText } from "@taskassistant/kit/failures";
import { type TaskAssistant, taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import { isForbidden, isNotFound, type KubeClient } from "./kube/index.ts";

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

/** Looks for TaskAssistants, because without the operator their deletion would never finish. */
export async function checkUninstall(
  client: Pick<KubeClient, "list">,
  namespaces: readonly string[],
  release: HelmRelease,
  signal: AbortSignal,
): Promise<UninstallCheck> {
  const found: TaskAssistant[] = [];
  const unreadable: string[] = [];
  for (const namespace of namespaces) {
    const selection = namespace === "*" ? { signal } : { namespace, signal };
    try {
      found.push(...(await client.list<TaskAssistant>(taskAssistantResource, selection)).items);
    } catch (error) {
      if (isForbidden(error)) unreadable.push(namespace);
      // The kind is not installed, so there is nothing to protect.
      else if (!isNotFound(error)) throw error;
    }
  }
  return { obstacle: found.length === 0 ? undefined : refusal(found, release), unreadable };
}

function refusal(found: readonly TaskAssistant[], { name, namespace, revision }: HelmRelease): string {
  const names = found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const commands = found.map(({ metadata }) => `\`kubectl -n ${metadata.namespace} delete ta ${metadata.name}\``);
  // In one line, because Helm 4 prints a line break of a hook's log as a backslash and an n.
  return [
    `${found.length === 1 ? "A TaskAssistant exists" : `${found.length} TaskAssistants exist`}: ${names.join(", ")}.`,
    `Delete first (with deletion.policy Retain, the default, the data stays): ${commands.join(", ")}.`,
    `Then uninstall again: \`helm uninstall ${name} -n ${namespace}\`.`,
    "To keep the operator instead, take the release out of the state uninstalling:",
    `\`helm rollback ${name} ${revision} -n ${namespace}\`.`,
  ].join(" ");
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
