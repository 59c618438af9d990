import type { KubeClient } from "../../kube/index.ts";
import { identified } from "../../kube/index.ts";
import type { ObjectName } from "../../runtime/index.ts";
import type { Caches } from "./caches.ts";
import type { ExternalLookup } from "./external-database.ts";
import type { Snapshot } from "./snapshot.ts";

export interface ObserveDeps {
  readonly caches: Caches;
  readonly external: ExternalLookup;
  readonly now: () => Date;
}

/** Takes a snapshot; undefined when the resource is gone. */
export async function observe(
  deps: ObserveDeps,
  key: ObjectName,
  { client, signal }: { readonly client: KubeClient; readonly signal: AbortSignal },
): Promise<Snapshot | undefined> {
  const assistant = deps.caches.assistants.get(key);
  if (assistant === undefined) return undefined;
  const external = await deps.external(identified(assistant), client, signal);
  return deps.caches.snapshot(key, external, deps.now());
}

/**
 * Takes a second snapshot, in which the writes of this reconcile may already be visible. It keeps the spec that was carried
 * out, because a newer one has not been applied and must not be reported as done. Undefined when the resource is gone, even if
 * another one has its name.
 */
export function observeAgain(deps: ObserveDeps, before: Snapshot): Snapshot | undefined {
  const after = deps.caches.snapshot(before.key, before.external, deps.now());
  if (after === undefined || after.assistant.metadata.uid !== before.assistant.metadata.uid) return undefined;
  const { status: _, ...assistant } = before.assistant;
  const { status } = after.assistant;
  return { ...after, assistant: status === undefined ? assistant : { ...assistant, status } };
}
