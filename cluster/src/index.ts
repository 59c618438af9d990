/**
 * Kubernetes on one Linux machine, without Docker or a registry. `startControlPlane` (L2) for API tests, `startKwok` on it
 * for scale (L3), `startNode` (L4) for the product itself. Each cluster has a name and a folder; clusters don't meet.
 */
export type { Api, KubeObject, Reply } from "./api.ts";
export { type ControlPlaneStart, startControlPlane } from "./control-plane/start.ts";
export { type ForwardOptions, startForward, stopForwards } from "./forward.ts";
export { type Cluster, openCluster } from "./handle.ts";
export { importImages, tagImage } from "./images/import.ts";
export type { Kubectl, KubectlResult } from "./kubectl.ts";
export { type KwokOptions, startKwok } from "./kwok/start.ts";
export { type NodeStart, startNode } from "./node/start.ts";
export { type StopOptions, stopCluster } from "./stop.ts";
