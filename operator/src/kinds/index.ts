/** The kinds of objects that make up an assistant, and how a live object differs from the desired one. */
export {
  CHILD_KINDS,
  type Child,
  type ChildKind,
  type ChildKindName,
  type ChildOf,
  type CronJob,
  childKind,
  childKinds,
  childResources,
  type Deployment,
  type Ingress,
  isWorkload,
  type Job,
  type NetworkPolicy,
  type PersistentVolumeClaim,
  podTemplateOf,
  type Service,
  type ServiceAccount,
  type StatefulSet,
  type Workload,
} from "./child-kinds.ts";
export { childPermissions, type PermissionRule } from "./child-permissions.ts";
export {
  changesBetween,
  DESIRED_HASH,
  difference,
  differences,
  type FieldDifference,
  withDesiredHash,
} from "./difference.ts";
export type { LiveJob } from "./live-job.ts";
