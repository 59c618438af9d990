/** What kwok plays: a node becomes ready and keeps its lease, a pod runs, a Job's pod completes, a deleted pod goes. */

const stage = (
  name: string,
  kind: "Node" | "Pod",
  conditions: readonly unknown[],
  next: unknown,
  delayMs?: number,
): unknown => ({
  apiVersion: "kwok.x-k8s.io/v1alpha1",
  kind: "Stage",
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: "v1", kind },
    selector: { matchExpressions: conditions },
    ...(delayMs === undefined
      ? {}
      : { delay: { durationMilliseconds: delayMs, jitterDurationMilliseconds: delayMs * 1.1 } }),
    next,
  },
});

const present = (key: string) => ({ key, operator: "Exists" });
const absent = (key: string) => ({ key, operator: "DoesNotExist" });
const is = (key: string, ...values: string[]) => ({ key, operator: "In", values });
const isNot = (key: string, ...values: string[]) => ({ key, operator: "NotIn", values });

const READY = '.status.conditions.[] | select( .type == "Ready" ) | .status';
const DELETED = ".metadata.deletionTimestamp";

const NODE_STATUS = `
{{ $now := Now }}
conditions:
{{ range NodeConditions }}
- lastHeartbeatTime: {{ $now | Quote }}
  lastTransitionTime: {{ $now | Quote }}
  message: {{ .message | Quote }}
  reason: {{ .reason | Quote }}
  status: {{ .status | Quote }}
  type: {{ .type | Quote }}
{{ end }}
addresses:
- address: {{ NodeIP | Quote }}
  type: InternalIP
- address: {{ NodeName | Quote }}
  type: Hostname
phase: Running
`;

const POD_RUNNING = `
{{ $now := Now }}
conditions:
{{ range $type := list "Initialized" "Ready" "ContainersReady" }}
- lastTransitionTime: {{ $now | Quote }}
  status: "True"
  type: {{ $type | Quote }}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  started: true
  restartCount: 0
  state: { running: { startedAt: {{ $now | Quote }} } }
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: true
  restartCount: 0
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
{{ end }}
podIP: {{ index (PodIPsWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" )) 0 | Quote }}
phase: Running
startTime: {{ $now | Quote }}
`;

const POD_COMPLETED = `
{{ $now := Now }}
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  started: false
  restartCount: 0
  state: { terminated: { exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }} } }
{{ end }}
phase: Succeeded
`;

export const STAGES: readonly unknown[] = [
  stage("node-initialize", "Node", [isNot(READY, "True")], { statusTemplate: NODE_STATUS }),
  stage(
    "node-heartbeat",
    "Node",
    [is(".status.phase", "Running"), is(READY, "True")],
    { statusTemplate: NODE_STATUS },
    600_000,
  ),
  stage("pod-ready", "Pod", [absent(DELETED), is(".status.phase", "Pending")], { statusTemplate: POD_RUNNING }),
  stage(
    "pod-complete",
    "Pod",
    [absent(DELETED), is(".status.phase", "Running"), is(".metadata.ownerReferences.[].kind", "Job")],
    { statusTemplate: POD_COMPLETED },
  ),
  stage("pod-delete", "Pod", [present(DELETED)], { delete: true }),
];
