/**
 * Every sentence of a condition or Event with a command that an administrator can copy. The functions are pure. The database modes in `desired` and
 * the findings in `report` both use them, so they belong to neither folder.
 */

/** The resource a sentence is about. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

export function describePod({ namespace, name }: Named): string {
  return `Next: kubectl -n ${namespace} describe pod ${name}`;
}

export function readPreviousLogs({ namespace, name }: Named): string {
  return `Next: kubectl -n ${namespace} logs ${name} --previous`;
}

/** The logs of all pods of a component. */
export function readComponentLogs({ namespace, name }: Named, component: string): string {
  const labels = `app.kubernetes.io/instance=${name},app.kubernetes.io/name=taskassistant-${component}`;
  return `Next: kubectl -n ${namespace} logs -l ${labels} --tail=100.`;
}

/** `spec`: the fields to change, with words in capitals where the reader has to fill something in. */
export function changeSpec({ namespace, name }: Named, spec: object): string {
  return `Next: kubectl -n ${namespace} patch ta ${name} --type merge -p '${JSON.stringify({ spec })}'.`;
}

export function upgradeTo(resource: Named, version: string): string {
  return changeSpec(resource, { version });
}

/** Begins an upgrade that waits. */
export function approveUpgrade({ namespace, name }: Named, version: string): string {
  return `To begin it now: kubectl -n ${namespace} annotate ta ${name} --overwrite taskassistant.dev/upgrade-now=${version}.`;
}

/** While something waits for a restore. */
export function readRestore({ namespace }: Named, restore: string): string {
  return `Next: kubectl -n ${namespace} get tar ${restore} -w.`;
}

/** After an upgrade was given up. */
export function readyAgain(resource: Named, running: string): string {
  const again = changeSpec(resource, { upgrade: { progressDeadline: "15m" } });
  const stay = changeSpec(resource, { version: running }).replace("Next: ", "");
  return `A change of the spec tries again. ${again} To stay on ${running}: ${stay}`;
}

export function removeAnnotation({ namespace, name }: Named, annotation: string): string {
  return `Next: kubectl -n ${namespace} annotate ta ${name} ${annotation}-`;
}

/** Shows a plan, then carries it out. `annotation`: the one that holds it back. */
export function readPlan({ namespace, name }: Named, annotation: string): string {
  const kubectl = `kubectl -n ${namespace}`;
  const lines = `{range .status.plan.changes[*]}{.summary}{"\\n"}{end}`;
  return `Next: ${kubectl} get ta ${name} -o jsonpath='${lines}' shows it; ${kubectl} annotate ta ${name} ${annotation}- carries it out`;
}

export function readJobLogs(namespace: string, job: string): string {
  return `Next: kubectl -n ${namespace} logs job/${job}`;
}

/** Follows another piece of advice. */
export function runCronJobNow(namespace: string, cronJob: string): string {
  return `Then run it again: kubectl -n ${namespace} create job --from=cronjob/${cronJob} ${cronJob}-by-hand.`;
}

/** Follows another piece of advice. */
export function orInspectStorage(namespace: string, claim: string): string {
  return `Or: kubectl -n ${namespace} describe pvc ${claim}; kubectl get storageclass`;
}

/** Kinds of objects with values. */
type DataKind = "Secret" | "ConfigMap";

export function createByHand(namespace: string, object: DataKind, name: string, keys: readonly string[]): string {
  const literals = (keys.length === 0 ? ["NAME"] : keys).map((key) => `--from-literal=${key}=VALUE`).join(" ");
  const kind = object === "Secret" ? "secret generic" : "configmap";
  return `Next: kubectl -n ${namespace} create ${kind} ${name} ${literals}.`;
}

export function addKeys(namespace: string, object: DataKind, name: string, keys: readonly string[]): string {
  const data = keys.map((key) => `"${key}":"VALUE"`).join(",");
  const [kind, field] = object === "Secret" ? ["secret", "stringData"] : ["configmap", "data"];
  return `Next: kubectl -n ${namespace} patch ${kind} ${name} -p '{"${field}":{${data}}}', or name the right key.`;
}

export function createTlsSecret(namespace: string, name: string): string {
  return `Next: kubectl -n ${namespace} create secret tls ${name} --cert=FILE --key=FILE, or let cert-manager create it.`;
}

export function useSupportedVersion({ namespace, name }: Named): string {
  return `Next: kubectl -n ${namespace} patch ta ${name} --type merge -p '{"spec":{"version":null}}', or upgrade the operator.`;
}

export function upgradeOperator(): string {
  return "Next: upgrade the operator to the release that ran before: helm history and helm rollback show and undo what was installed.";
}

/** What is said of everything that rests during a restore. */
export function restoringMessage({ namespace, name }: { readonly namespace?: string; readonly name: string }): string {
  return `Stopped while TaskAssistantRestore ${name} replaces the data. Next: kubectl -n ${namespace} get tar ${name} -w.`;
}

export function scaleUp(namespace: string, deployment: string): string {
  return `Next: kubectl -n ${namespace} scale deployment ${deployment} --replicas 1`;
}

export function forwardPort(namespace: string, service: string, ports: string, url: string): string {
  return `Next: kubectl -n ${namespace} port-forward svc/${service} ${ports}, then open ${url}`;
}

export function saveData({ namespace, name }: Named, pod: string, database: string): string {
  return `Save it now: kubectl -n ${namespace} exec ${pod} -- pg_dump -U postgres ${database} > ${name}.sql`;
}

export function startEmpty({ namespace, name }: Named): string {
  return `Or start empty: kubectl -n ${namespace} delete ta ${name}, then create the TaskAssistant again.`;
}

/** `discard`: the step that removes the data itself. */
export function restoreSecretOrStartOver(
  { namespace, name }: Named,
  { secrets, discard }: { readonly secrets: readonly string[]; readonly discard: string },
): string {
  const kubectl = `kubectl -n ${namespace}`;
  const startOver = `${kubectl} delete ta ${name}; ${discard}; ${kubectl} delete secret ${secrets.join(" ")} --ignore-not-found`;
  return `Restore it from your backup: ${kubectl} apply -f SECRET.yaml. Or give up the data and start over: ${startOver}; then create the TaskAssistant again.`;
}

/** A claim that is being deleted stays for as long as a pod uses it. */
export function seeWhatUsesClaim(namespace: string, claim: string): string {
  return `Next: kubectl -n ${namespace} describe pvc ${claim} shows the pod that still uses it.`;
}

/** `size`: the size the claim has. */
export function keepSizeOrAllowGrowth({ namespace, name }: Named, size: string, storageClass: string): string {
  const patch = `{"spec":{"database":{"managed":{"storage":{"size":"${size}"}}}}}`;
  return `Next: kubectl -n ${namespace} patch ta ${name} --type merge -p '${patch}' keeps the size. Or, if the driver of the class can do it: kubectl patch storageclass ${storageClass} -p '{"allowVolumeExpansion":true}'.`;
}

/** The step that deletes the data of a volume claim. */
export function deleteVolumeClaim(namespace: string, claim: string): string {
  return `kubectl -n ${namespace} delete pvc ${claim}`;
}

/** What a deletion has kept. */
export function lookForKept({ namespace, name }: Named): string {
  return `Next: kubectl -n ${namespace} get pvc,secret | grep ${name}- shows it. A TaskAssistant of the same name uses it again.`;
}

/** For a resource that no operator can let go, because the namespace is not watched or its Role is gone. */
export function removeFinalizer({ namespace, name }: Named): string {
  return `Next: kubectl -n ${namespace} patch ta ${name} --type merge -p '{"metadata":{"finalizers":null}}'.`;
}

/** Without an operator, Kubernetes deletes what the resource owns; volume and credentials stay. */
export function deleteUnwatched({ namespace, name }: Named, hasFinalizer: boolean): string {
  const kubectl = `kubectl -n ${namespace}`;
  const release = `${kubectl} patch ta ${name} --type merge -p '{"metadata":{"finalizers":null}}' && `;
  return `Or delete it: ${hasFinalizer ? release : ""}${kubectl} delete ta ${name}. Its volume and credentials stay.`;
}

/** What the API server says when it refuses an object or a pod, and how to repair it. The first match decides. */
const REPAIRS: readonly (readonly [RegExp, (namespace: string, match: RegExpExecArray) => string])[] = [
  [
    /(?:exceeded|failed) quota: ([\w.-]+)/,
    (namespace, [, quota]) =>
      `Next: kubectl -n ${namespace} describe resourcequota ${quota}, then raise the quota, or lower resources or replicas.`,
  ],
  [
    /(?:minimum|maximum) \S+ usage per|limit to request ratio/,
    (namespace) =>
      `Next: kubectl -n ${namespace} describe limitrange, then set resources within its bounds, or change it.`,
  ],
  [
    /violates PodSecurity/,
    (namespace) =>
      `Next: kubectl get namespace ${namespace} --show-labels. Everything the operator adds fits PodSecurity restricted; look for what others add to the pod.`,
  ],
  [
    /failed calling webhook "([^"]+)"/,
    (_namespace, [, webhook]) =>
      `Next: kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -o wide | grep -F ${webhook}, then repair what serves the webhook, or remove it.`,
  ],
  [
    /admission webhook "([^"]+)" denied/,
    (_namespace, [, webhook]) =>
      `Next: allow the object in the policy behind the webhook ${webhook}, or change what the message names.`,
  ],
  [
    /ValidatingAdmissionPolicy '([^']+)'/,
    (_namespace, [, policy]) =>
      `Next: kubectl describe validatingadmissionpolicy ${policy}, then allow the object there, or change what the message names.`,
  ],
  [
    /unable to validate against any security context constraint/,
    (namespace) =>
      `Next: kubectl -n ${namespace} get events --field-selector reason=FailedCreate. On OpenShift let the platform assign the user ids.`,
  ],
  [
    /User "([^"]+)" cannot (\w+) resource "([^"]+)"/,
    (namespace, [, user, verb, resource]) =>
      `Next: kubectl auth can-i ${verb} ${resource} -n ${namespace} --as=${user}, then upgrade the chart with the namespace in watchNamespaces, which installs the operator's Role.`,
  ],
  [
    /because it is being terminated/,
    (namespace) =>
      `Next: kubectl get namespace ${namespace} -o yaml shows what its deletion waits for. Nothing can be created in it.`,
  ],
];

/** The next command after the API server refused `object` (kind and name) with these words. */
export function repairRefusal(namespace: string, object: string, words: string): string {
  for (const [pattern, repair] of REPAIRS) {
    const match = pattern.exec(words);
    if (match !== null) return repair(namespace, match);
  }
  const [kind = "", name = ""] = object.split(" ");
  return `Next: change what the message names, in the TaskAssistant or in the cluster. See also: kubectl -n ${namespace} get events --field-selector involvedObject.kind=${kind},involvedObject.name=${name}.`;
}
