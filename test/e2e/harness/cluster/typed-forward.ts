import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { endWithOwner } from "@taskassistant/kit/testing";
import { cluster } from "./assistants.ts";

/**
 * Runs `kubectl port-forward` as a person types it, as long as `use` takes.
 * @param use gets the first line that kubectl prints
 */
export async function withTypedForward(
  namespace: string,
  [target, ports]: readonly [target: string, ports: string],
  use: (printed: string) => Promise<void>,
): Promise<void> {
  const { kubeconfig, programs } = cluster();
  const args = ["--kubeconfig", kubeconfig, "--namespace", namespace, "port-forward", target, ports];
  const forwarding = endWithOwner(spawn(join(programs, "kubectl"), args));
  try {
    const [printed] = await once(forwarding.stdout, "data", { signal: AbortSignal.timeout(60_000) });
    await use(String(printed));
  } finally {
    forwarding.kill();
  }
}
