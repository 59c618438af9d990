import { builtin, type KubeClient } from "../../kube/index.ts";
import { type Clock, pause } from "../clock.ts";
import type { Lease } from "./lease.ts";

/**
 * Tells a follower at once when the lease changes, so that a handover need not wait for the next poll. Best effort:
 * where the server refuses, or the stream breaks, the poll alone decides. Resolves when the signal aborts.
 */
export async function watchLease(
  deps: { readonly client: Pick<KubeClient, "watch">; readonly clock: Clock; readonly retryMs: number },
  ref: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
  onChange: (lease: Lease | undefined) => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const events = deps.client.watch<Lease>(builtin.Lease, {
        namespace: ref.namespace,
        fieldSelector: `metadata.name=${ref.name}`,
        // "0": begins with the current state, whatever version that is.
        resourceVersion: "0",
        timeoutSeconds: 600,
        signal,
      });
      for await (const event of events) {
        if (event.type !== "BOOKMARK") onChange(event.type === "DELETED" ? undefined : event.object);
      }
    } catch {
      // The poll reports what is wrong with the server.
    }
    await pause(deps.clock, deps.retryMs, signal);
  }
}
