import { taskAssistantBackupResource } from "./api/backups/v1alpha1/index.ts";
import { taskAssistantRestoreResource } from "./api/restores/v1alpha1/index.ts";
import { taskAssistantResource } from "./api/taskassistants/v1alpha1/index.ts";
import { FINGERPRINT_SECRET } from "./assistants/index.ts";
import { CHILD_KINDS, childPermissions, type PermissionRule } from "./kinds/index.ts";
import { builtin } from "./kube/index.ts";
import { LEASE, NAMESPACE_LEASE } from "./operator.ts";

const { group, plural } = taskAssistantResource;

/** What the operator may do where TaskAssistants live: no wildcard, no escalation, no way into pods. */
export function watchedNamespaceRules(): PermissionRule[] {
  return [
    { apiGroup: group, resources: [plural], verbs: ["list", "watch", "patch"] },
    { apiGroup: group, resources: [`${plural}/status`], verbs: ["patch"] },
    {
      apiGroup: group,
      resources: [`${plural}/finalizers`],
      verbs: ["update"],
      why: "For owner references with blockOwnerDeletion, on clusters that check them.",
    },
    {
      apiGroup: group,
      resources: [taskAssistantBackupResource.plural],
      verbs: ["list", "watch", "create", "delete"],
      why: "Made by a schedule, before upgrades, restores and deletion; deleted when their time is over.",
    },
    { apiGroup: group, resources: [taskAssistantRestoreResource.plural], verbs: ["list", "watch", "patch"] },
    {
      apiGroup: group,
      resources: [taskAssistantBackupResource, taskAssistantRestoreResource].map((each) => `${each.plural}/status`),
      verbs: ["patch"],
    },
    {
      apiGroup: group,
      resources: [taskAssistantBackupResource, taskAssistantRestoreResource].map((each) => `${each.plural}/finalizers`),
      verbs: ["update"],
    },
    ...childPermissions(),
    {
      apiGroup: builtin.ConfigMap.group,
      resources: [builtin.ConfigMap.plural],
      verbs: ["list", "watch"],
      why: "Variables of pods may come from ConfigMaps. Kept in memory without values.",
    },
    { apiGroup: builtin.Pod.group, resources: [builtin.Pod.plural], verbs: ["list", "watch"] },
    { apiGroup: builtin.Event.group, resources: [builtin.Event.plural], verbs: ["list", "watch", "create", "patch"] },
    {
      apiGroup: builtin.Namespace.group,
      resources: [builtin.Namespace.plural],
      verbs: ["get", "watch"],
      why: "To see that a namespace is being deleted. In a Role this is the Role's own namespace alone.",
    },
    ...leaseRules(NAMESPACE_LEASE),
  ];
}

/** What the operator may do in its own namespace: hold its lease, and keep the key of its fingerprints. */
export function ownNamespaceRules(): PermissionRule[] {
  const { resource: secret } = CHILD_KINDS.Secret;
  return [
    ...leaseRules(LEASE),
    { apiGroup: secret.group, resources: [secret.plural], verbs: ["create"] },
    { apiGroup: secret.group, resources: [secret.plural], names: [FINGERPRINT_SECRET], verbs: ["get"] },
  ];
}

/** To take and keep a lease. A rule with names can't grant create, because the name is not known when the request is checked. */
function leaseRules(name: string): PermissionRule[] {
  const { group, plural } = builtin.Lease;
  return [
    { apiGroup: group, resources: [plural], verbs: ["create"] },
    { apiGroup: group, resources: [plural], names: [name], verbs: ["get", "watch", "update"] },
  ];
}
