import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Cluster } from "./handle.ts";
import { layoutOf } from "./layout.ts";
import { addProcesses, removeProcess, waitReady } from "./supervisor/control.ts";

export type ForwardOptions = {
  /** Names the process and its log. */
  readonly name: string;
  readonly namespace: string;
  /** The target in kubectl's form: `service/demo-frontend`, `pod/x`. */
  readonly target: string;
  readonly remotePort: number;
  /** Port on 127.0.0.1 of the machine. */
  readonly localPort: number;
  /** How long it may take to listen. Default: 30 s. */
  readonly timeoutMs?: number;
};

/** Keeps a `kubectl port-forward` running until the cluster stops. It starts again when its pod is deleted. */
export async function startForward(cluster: Cluster, options: ForwardOptions): Promise<void> {
  const layout = layoutOf(cluster.name, join(cluster.dir, ".."));
  const ports = `${options.localPort}:${options.remotePort}`;
  addProcesses(layout, [
    {
      name: options.name,
      command: join(cluster.programs, "kubectl"),
      args: [
        "--kubeconfig",
        cluster.kubeconfig,
        "--namespace",
        options.namespace,
        "port-forward",
        "--address",
        "127.0.0.1",
        options.target,
        ports,
      ],
      env: { KUBECACHEDIR: join(layout.dir, "kubectl-cache") },
      ready: { kind: "tcp", host: "127.0.0.1", port: options.localPort },
    },
  ]);
  await waitReady(layout, [options.name], options.timeoutMs ?? 30_000);
}

/** Ends the forwards whose names begin with `prefix`. */
export function stopForwards(cluster: Cluster, prefix: string): void {
  const layout = layoutOf(cluster.name, join(cluster.dir, ".."));
  for (const file of readdirSync(layout.processes)) {
    if (file.startsWith(prefix) && file.endsWith(".json")) removeProcess(layout, file.slice(0, -".json".length));
  }
}
