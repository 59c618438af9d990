import { join } from "node:path";
import { openCluster } from "@taskassistant/cluster";
import { type RunOptions, run } from "@taskassistant/cluster/machine";
import { locatePrograms } from "@taskassistant/cluster/programs";
import type { Target } from "./target.ts";

/** kubectl and helm for exactly one cluster. Every call names the kubeconfig or the context. */
export interface Access {
  kubectl(args: string[], options?: Partial<RunOptions>): Promise<string>;
  helm(args: string[], options?: Partial<RunOptions>): Promise<string>;
  /** Program and leading arguments of `kubectl`, for a process that outlives this one. */
  kubectlCommand: string[];
  /** The command a person types to use this cluster with their own kubectl. */
  hint: string;
}

/** Longer than any single call should take. */
const TIMEOUT_MS = 5 * 60_000;

export async function openAccess(target: Target, say: (text: string) => void): Promise<Access> {
  if (target.kind === "embedded") {
    const cluster = openCluster(target.name);
    const flags = ["--kubeconfig", cluster.kubeconfig];
    return access(cluster.programs, flags, flags, `export KUBECONFIG=${cluster.kubeconfig}`);
  }
  const { dir } = await locatePrograms(["kubectl", "helm"], say);
  return access(
    dir,
    ["--context", target.context],
    ["--kube-context", target.context],
    `kubectl --context ${target.context}`,
  );
}

function access(programs: string, kubectlFlags: string[], helmFlags: string[], hint: string): Access {
  const kubectlCommand = [join(programs, "kubectl"), ...kubectlFlags];
  const call =
    ([program = "", ...flags]: string[]) =>
    (args: string[], options: Partial<RunOptions> = {}) =>
      run(program, [...flags, ...args], { timeoutMs: TIMEOUT_MS, ...options });
  return { kubectlCommand, hint, kubectl: call(kubectlCommand), helm: call([join(programs, "helm"), ...helmFlags]) };
}
