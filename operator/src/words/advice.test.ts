import { expect, it } from "vitest";
import { repairRefusal } from "./advice.ts";

/** What a real API server or webhook says, and what the advice must contain. */
it.each<[string, string, string]>([
  [
    "a quota",
    'pods "demo-db-0" is forbidden: exceeded quota: compute, requested: limits.cpu=1, used: limits.cpu=0, limited: limits.cpu=0',
    "kubectl -n team describe resourcequota compute",
  ],
  [
    "a quota that asks for limits",
    'pods "demo-api-1" is forbidden: failed quota: compute: must specify limits.cpu for: api',
    "kubectl -n team describe resourcequota compute",
  ],
  [
    "a limit range",
    'pods "demo-migrate-1" is forbidden: minimum cpu usage per Container is 100m, but request is 50m',
    "kubectl -n team describe limitrange",
  ],
  [
    "PodSecurity",
    'pods "demo-api-1" is forbidden: violates PodSecurity "restricted:latest": runAsNonRoot != true',
    "kubectl get namespace team --show-labels",
  ],
  [
    "a webhook that is down",
    'Internal error occurred: failed calling webhook "validate.nginx.ingress.kubernetes.io": failed to call webhook: Post "https://x": dial tcp 10.0.0.1:443: connect: connection refused',
    "grep -F validate.nginx.ingress.kubernetes.io",
  ],
  [
    "a webhook that denies",
    'admission webhook "policy.example.com" denied the request: no latest tag',
    "the webhook policy.example.com",
  ],
  [
    "an admission policy",
    "deployments.apps \"demo-api\" is forbidden: ValidatingAdmissionPolicy 'no-latest' with binding 'all' denied request: no",
    "kubectl describe validatingadmissionpolicy no-latest",
  ],
  [
    "a missing permission",
    'secrets is forbidden: User "system:serviceaccount:ops:ta" cannot create resource "secrets" in API group "" in the namespace "team"',
    "kubectl auth can-i create secrets -n team --as=system:serviceaccount:ops:ta",
  ],
  [
    "the end of the namespace",
    'services "demo-api" is forbidden: unable to create new content in namespace team because it is being terminated',
    "kubectl get namespace team -o yaml",
  ],
  ["anything else", "spec.x: Invalid value", "involvedObject.kind=Deployment,involvedObject.name=demo-api"],
])("the advice after a refusal by %s names the next command", (_what, words, command) => {
  expect(repairRefusal("team", "Deployment demo-api", words)).toContain(command);
});
