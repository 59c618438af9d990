import { expect, it } from "vitest";
import { clusterDomainOf } from "./cluster-domain.ts";

it.each([
  ["of a pod", "search ops.svc.k8s.corp svc.k8s.corp k8s.corp corp.example\nnameserver 10.96.0.10\n", "k8s.corp"],
  ["with capitals and a final dot", "nameserver ::1\nsearch svc.K8s.Corp. x\n", "k8s.corp"],
  ["outside a pod", "search corp.example\n", "cluster.local"],
  ["that is empty", "", "cluster.local"],
])("the domain of the cluster follows from a resolv.conf %s", (_what, text, domain) => {
  expect(clusterDomainOf(text)).toBe(domain);
});
