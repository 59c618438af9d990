export type { Api, KubeObject, Reply } from "./api.ts";
export { type ControlPlaneStart, startControlPlane } from "./control-plane/start.ts";
export { type Cluster, openCluster } from "./handle.ts";
export type { Kubectl, KubectlResult } from "./kubectl.ts";
export { locatePrograms, PROGRAMS, type Program, VERSIONS } from "./programs/index.ts";
export { type StopOptions, stopCluster } from "./stop.ts";
