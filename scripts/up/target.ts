/** Where `make up` installs the product. */
export type Target =
  | { kind: "context"; context: string; registry: string | undefined }
  | { kind: "kind"; cluster: string; context: string }
  | { kind: "minikube"; profile: string; context: string }
  | { kind: "embedded"; name: string };

/**
 * Chooses the cluster from the user's variables alone. The current kube context is never used. `TASKASSISTANT_CONTEXT`
 * names a context of the kubeconfig, and `REGISTRY` a registry to push the images to. `CLUSTER=kind|minikube` selects a
 * running local cluster, and `CLUSTER_NAME` its name. Without these variables it is the embedded one-node cluster.
 * @throws with the correct usage if the variables contradict each other
 */
export function chooseTarget(env: NodeJS.ProcessEnv): Target {
  const { TASKASSISTANT_CONTEXT: context, REGISTRY: registry, CLUSTER: cluster, CLUSTER_NAME: name } = env;
  if (context && cluster) throw new Error("set either TASKASSISTANT_CONTEXT or CLUSTER, not both");
  if (registry && !context)
    throw new Error("REGISTRY needs a cluster to install into; set TASKASSISTANT_CONTEXT=<kube context> as well");
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
      throw new Error(
        `CLUSTER=${cluster} is not supported; use kind or minikube, or leave it unset for the embedded cluster`,
      );
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
