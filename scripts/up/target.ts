/** Where `make up` installs the product. */
export type Target =
  | { kind: "context"; context: string; registry: string | undefined }
  | { kind: "kind"; cluster: string; context: string }
  | { kind: "minikube"; profile: string; context: string }
  | { kind: "embedded"; name: string };

/**
 * Chooses the cluster from what the user said, and from that alone: whatever kube context happens to be current is
 * never touched. `TASKASSISTANT_CONTEXT` names a context of the kubeconfig (with `REGISTRY` the images are pushed
 * there), `CLUSTER=kind|minikube` a running local cluster (`CLUSTER_NAME` which one), and without either it is the
 * embedded one-node cluster.
 * @throws with what to do when the words do not fit
 */
export function chooseTarget(env: NodeJS.ProcessEnv): Target {
  const { TASKASSISTANT_CONTEXT: context, REGISTRY: registry, CLUSTER: cluster, CLUSTER_NAME: name } = env;
  if (context && cluster) throw new Error("set either TASKASSISTANT_CONTEXT or CLUSTER, not both");
  if (registry && !context) throw new Error("REGISTRY goes with TASKASSISTANT_CONTEXT=<kube context>");
  if (context) return { kind: "context", context, registry: registry?.replace(/\/$/, "") };
  switch (cluster) {
    case undefined:
    case "":
    case "embedded":
      return { kind: "embedded", name: name || "taskassistant" };
    case "kind":
      return { kind: "kind", cluster: name || "kind", context: `kind-${name || "kind"}` };
    case "minikube":
      return { kind: "minikube", profile: name || "minikube", context: name || "minikube" };
    default:
      throw new Error(`CLUSTER=${cluster} is not known; use kind, minikube or nothing for the embedded cluster`);
  }
}

/** The target in words, for the first line of output. */
export function describeTarget(target: Target): string {
  switch (target.kind) {
    case "context":
      return `kube context ${target.context}${target.registry ? `, images pushed to ${target.registry}` : ""}`;
    case "kind":
      return `kind cluster ${target.cluster}`;
    case "minikube":
      return `minikube profile ${target.profile}`;
    case "embedded":
      return `embedded one-node cluster ${target.name}`;
  }
}
