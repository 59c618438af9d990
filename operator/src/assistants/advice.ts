/**
 * Every sentence with a command that an administrator can copy. The functions are pure. The database modes in `desired` and
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

export function readJobLogs(namespace: string, job: string): string {
  return `Next: kubectl -n ${namespace} logs job/${job}`;
}

/** Follows another piece of advice. */
export function orInspectStorage(namespace: string, claim: string): string {
  return `Or: kubectl -n ${namespace} describe pvc ${claim}; kubectl get storageclass`;
}

export function createSecretByHand(namespace: string, name: string, keys: readonly string[]): string {
  const literals = keys.map((key) => `--from-literal=${key}=VALUE`).join(" ");
  return `Next: kubectl -n ${namespace} create secret generic ${name} ${literals}.`;
}

export function addSecretKeys(namespace: string, name: string, keys: readonly string[]): string {
  const data = keys.map((key) => `"${key}":"VALUE"`).join(",");
  return `Next: kubectl -n ${namespace} patch secret ${name} -p '{"stringData":{${data}}}', or name the right key.`;
}

export function createTlsSecret(namespace: string, name: string): string {
  return `Next: kubectl -n ${namespace} create secret tls ${name} --cert=FILE --key=FILE, or let cert-manager create it.`;
}

export function useSupportedVersion({ namespace, name }: Named): string {
  return `Next: kubectl -n ${namespace} patch ta ${name} --type merge -p '{"spec":{"version":null}}', or upgrade the operator.`;
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

/** The step that deletes the data of a volume claim. */
export function deleteVolumeClaim(namespace: string, claim: string): string {
  return `kubectl -n ${namespace} delete pvc ${claim}`;
}
