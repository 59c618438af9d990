import type {
  V1CronJob,
  V1Deployment,
  V1Ingress,
  V1Job,
  V1PersistentVolumeClaim,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
} from "@kubernetes/client-node";
import type { Resource } from "../kube/index.ts";
import type { Manifest, WireNetworkPolicy } from "../kube/objects.ts";

/** What each kind looks like on the wire. */
interface Shapes {
  Deployment: V1Deployment;
  StatefulSet: V1StatefulSet;
  Job: V1Job;
  CronJob: V1CronJob;
  NetworkPolicy: WireNetworkPolicy;
  Ingress: V1Ingress;
  Service: V1Service;
  ServiceAccount: V1ServiceAccount;
  PersistentVolumeClaim: V1PersistentVolumeClaim;
  Secret: V1Secret;
}

/** Field name of a list that the API server merges by key -> that key; other lists are replaced as a whole. */
export type MergedLists = Readonly<Record<string, readonly string[]>>;

/** All facts about one kind of object that the operator makes for an assistant. */
export interface ChildKind {
  readonly resource: Resource;
  /**
   * Which objects are watched: those with the operator's label, or all of them where the operator must see a foreign object
   * before it writes. For other kinds a foreign object causes a conflict over a field that both set.
   */
  readonly watch: "labelled" | "whole";
  /** What makes an existing object ours. By name alone, an object that was restored without labels and owner is ours too. */
  readonly adopted: "when marked" | "by name";
  /** Applied again and again, or created once and never written again. */
  readonly written: "applied" | "once";
  /** What is lost with the object. Only what holds nothing is removed when no spec asks for it. */
  readonly holds: "nothing" | "data" | "credentials";
  readonly mergedLists: MergedLists;
}

/** Lists of a pod template. */
const POD_LISTS: MergedLists = {
  containers: ["name"],
  env: ["name"],
  imagePullSecrets: ["name"],
  ports: ["containerPort", "protocol"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
  volumeMounts: ["mountPath"],
  volumes: ["name"],
};

/** A kind of which the operator owns the objects it created and no others. */
const OWNED = { watch: "labelled", adopted: "when marked", written: "applied", holds: "nothing" } as const;

/**
 * The kinds of children, each with all its facts. The types of children, the watches, adoption, pruning, comparison and the
 * permissions in the chart follow from here.
 */
export const CHILD_KINDS = {
  Deployment: { ...OWNED, resource: namespaced("apps", "v1", "Deployment", "deployments"), mergedLists: POD_LISTS },
  StatefulSet: { ...OWNED, resource: namespaced("apps", "v1", "StatefulSet", "statefulsets"), mergedLists: POD_LISTS },
  Job: { ...OWNED, resource: namespaced("batch", "v1", "Job", "jobs"), mergedLists: POD_LISTS },
  CronJob: { ...OWNED, resource: namespaced("batch", "v1", "CronJob", "cronjobs"), mergedLists: POD_LISTS },
  NetworkPolicy: {
    ...OWNED,
    resource: namespaced("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies"),
    mergedLists: {},
  },
  Ingress: { ...OWNED, resource: namespaced("networking.k8s.io", "v1", "Ingress", "ingresses"), mergedLists: {} },
  Service: {
    ...OWNED,
    resource: namespaced("", "v1", "Service", "services"),
    mergedLists: { ports: ["port", "protocol"] },
  },
  ServiceAccount: {
    ...OWNED,
    resource: namespaced("", "v1", "ServiceAccount", "serviceaccounts"),
    // A ServiceAccount has no field that both would set, so no conflict would protect a foreign one.
    watch: "whole",
    mergedLists: {},
  },
  PersistentVolumeClaim: {
    resource: namespaced("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    watch: "whole",
    adopted: "by name",
    written: "applied",
    holds: "data",
    mergedLists: {},
  },
  Secret: {
    resource: namespaced("", "v1", "Secret", "secrets"),
    watch: "whole",
    adopted: "by name",
    written: "once",
    holds: "credentials",
    mergedLists: {},
  },
} as const satisfies { readonly [K in keyof Shapes]: ChildKind };

type Table = typeof CHILD_KINDS;

/** Name of a kind of child. */
export type ChildKindName = keyof Table;

type ApiVersion<R extends Resource> = R["group"] extends "" ? R["version"] : `${R["group"]}/${R["version"]}`;

/** A child of this kind, as it is sent. */
export type ChildOf<K extends ChildKindName> = K extends ChildKindName
  ? Manifest<Shapes[K], K, ApiVersion<Table[K]["resource"]>>
  : never;

type Having<F extends Partial<ChildKind>> = {
  [K in ChildKindName]: Table[K] extends F ? K : never;
}[ChildKindName];

/** Any child that is applied. */
export type Child = ChildOf<Having<{ readonly written: "applied" }>>;

/** A child with pods. */
export type Workload = ChildOf<"Deployment" | "StatefulSet" | "Job" | "CronJob">;

export type CronJob = ChildOf<"CronJob">;
export type Deployment = ChildOf<"Deployment">;
export type Ingress = ChildOf<"Ingress">;
export type Job = ChildOf<"Job">;
export type NetworkPolicy = ChildOf<"NetworkPolicy">;
export type PersistentVolumeClaim = ChildOf<"PersistentVolumeClaim">;
export type Service = ChildOf<"Service">;
export type ServiceAccount = ChildOf<"ServiceAccount">;
export type StatefulSet = ChildOf<"StatefulSet">;

/** Whether a child runs pods. */
export function isWorkload(child: Child): child is Workload {
  return WORKLOADS.some((kind) => kind === child.kind);
}

/** The pods that a workload runs. */
export function podTemplateOf(workload: Workload) {
  return workload.kind === "CronJob" ? workload.spec?.jobTemplate.spec?.template : workload.spec?.template;
}

const WORKLOADS = ["Deployment", "StatefulSet", "Job", "CronJob"] as const satisfies readonly Workload["kind"][];

/** The facts about a kind of child; undefined for any other kind. */
export function childKind(kind: string): ChildKind | undefined {
  return isChildKind(kind) ? CHILD_KINDS[kind] : undefined;
}

/** Names of all kinds of children whose facts pass `test`, in the order of the table. */
export function childKinds(test: (facts: ChildKind) => boolean = () => true): ChildKindName[] {
  return Object.keys(CHILD_KINDS).filter((kind): kind is ChildKindName => isChildKind(kind) && test(CHILD_KINDS[kind]));
}

/** Where children live in the API. */
export function childResources(): Resource[] {
  return childKinds().map((kind) => CHILD_KINDS[kind].resource);
}

function isChildKind(kind: string): kind is ChildKindName {
  return Object.hasOwn(CHILD_KINDS, kind);
}

function namespaced<const G extends string, const V extends string>(
  group: G,
  version: V,
  kind: string,
  plural: string,
): Resource & { readonly group: G; readonly version: V } {
  return { group, version, kind, plural, namespaced: true };
}
