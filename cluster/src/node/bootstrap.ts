import type { Api, KubeObject } from "../api.ts";
import { PROVISIONER, STORAGE_CLASS } from "../local-volumes/provision.ts";

const RBAC = "rbac.authorization.k8s.io";

type Rule = { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] };

const role = (name: string, rules: Rule[]): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: "ClusterRole",
  metadata: { name },
  rules,
});

const binding = (name: string, roleName: string, user: string): KubeObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: "ClusterRoleBinding",
  metadata: { name },
  roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: roleName },
  subjects: [{ apiGroup: RBAC, kind: "User", name: user }],
});

const READ = ["get", "list", "watch"];

const ROLES: KubeObject[] = [
  role("taskassistant:coredns", [
    { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: READ },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: READ },
  ]),
  role("taskassistant:local-volumes", [
    { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: READ },
    { apiGroups: [""], resources: ["persistentvolumes"], verbs: [...READ, "create", "delete"] },
  ]),
];

const BINDINGS: KubeObject[] = [
  // The API server needs it for exec, logs and port-forward.
  binding("taskassistant:kubelet-api", "system:kubelet-api-admin", "kube-apiserver"),
  binding("taskassistant:kube-proxy", "system:node-proxier", "system:kube-proxy"),
  binding("taskassistant:coredns", "taskassistant:coredns", "taskassistant:coredns"),
  binding("taskassistant:local-volumes", "taskassistant:local-volumes", "taskassistant:local-volumes"),
];

const DEFAULT_CLASS: KubeObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: STORAGE_CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: PROVISIONER,
  volumeBindingMode: "WaitForFirstConsumer",
  reclaimPolicy: "Delete",
};

/** Creates what a node needs in a new API server: permissions for its components and a default StorageClass. */
export async function bootstrapCluster(api: Api): Promise<void> {
  const rbac = `/apis/${RBAC}/v1`;
  await Promise.all([
    ...ROLES.map((object) => api.apply(`${rbac}/clusterroles/${object.metadata.name}`, object)),
    ...BINDINGS.map((object) => api.apply(`${rbac}/clusterrolebindings/${object.metadata.name}`, object)),
    api.apply(`/apis/storage.k8s.io/v1/storageclasses/${STORAGE_CLASS}`, DEFAULT_CLASS),
  ]);
}
