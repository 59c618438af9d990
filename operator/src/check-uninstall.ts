import { type TaskAssistant, taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import { isNotFound, type KubeClient } from "./kube/index.ts";

/**
 * Why the operator must not be uninstalled yet: TaskAssistants exist, and without the operator their
 * deletion would never finish. Undefined when there are none.
 */
export async function uninstallObstacle(
  client: Pick<KubeClient, "list">,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const found: TaskAssistant[] = [];
  for (const namespace of namespaces) {
    const selection = namespace === "*" ? { signal } : { namespace, signal };
    try {
      found.push(...(await client.list<TaskAssistant>(taskAssistantResource, selection)).items);
    } catch (error) {
      // The kind is not installed, so there is nothing to protect.
      if (!isNotFound(error)) throw error;
    }
  }
  if (found.length === 0) return undefined;
  const names = found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  const commands = found.map(({ metadata }) => `  kubectl -n ${metadata.namespace} delete ta ${metadata.name}`);
  return [
    `${found.length === 1 ? "A TaskAssistant exists" : `${found.length} TaskAssistants exist`}: ${names.join(", ")}.`,
    "Delete them first (with deletion.policy Retain, the default, their data stays), then uninstall:",
    ...commands,
  ].join("\n");
}
