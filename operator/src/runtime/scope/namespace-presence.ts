import { ApiError, builtin, type KubeClient, type KubeObject } from "../../kube/index.ts";
import { type Clock, pause } from "../clock.ts";

/** What is known about a namespace. `unknown`: the process may not read it, or has no answer yet. */
export type Presence = "unknown" | "present" | "terminating" | "gone";

export interface PresenceDeps {
  readonly client: Pick<KubeClient, "get" | "watch">;
  readonly namespace: string;
  readonly clock: Clock;
  readonly changed: (presence: Presence) => void;
}

const ASK_AGAIN_MS = 15_000;
/** A stream that lasted this long did its work, and the next one follows at once. */
const PRODUCTIVE_MS = 10_000;

/**
 * Follows one namespace until the signal aborts. A Role can allow to read its own namespace, though namespaces are cluster
 * wide: the name in the path counts as the namespace of the request.
 */
export async function followNamespace(deps: PresenceDeps, signal: AbortSignal): Promise<void> {
  const { client, namespace, clock } = deps;
  let last: Presence = "unknown";

  function note(presence: Presence): void {
    if (presence === last) return;
    last = presence;
    deps.changed(presence);
  }

  async function follow(): Promise<void> {
    const found = await client.get(builtin.Namespace, { name: namespace }, { signal });
    note(presenceOf(found));
    const events = client.watch<KubeObject>(builtin.Namespace, {
      name: namespace,
      resourceVersion: found?.metadata.resourceVersion ?? "",
      timeoutSeconds: 300 + Math.floor(Math.random() * 300),
      signal,
    });
    for await (const event of events) {
      if (event.type === "DELETED") note("gone");
      else if (event.type !== "BOOKMARK") note(presenceOf(event.object));
    }
  }

  while (!signal.aborted) {
    const opened = clock.now();
    try {
      await follow();
    } catch (error) {
      if (error instanceof ApiError && error.status === 403) note("unknown");
    }
    const wait = clock.now() - opened >= PRODUCTIVE_MS ? 0 : ASK_AGAIN_MS;
    if (!signal.aborted) await pause(clock, wait * (1 + Math.random() / 10), signal);
  }
}

function presenceOf(found: KubeObject | undefined): Presence {
  if (found === undefined) return "gone";
  return found.metadata.deletionTimestamp === undefined ? "present" : "terminating";
}
