import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { writeKubeconfig } from "../kubeconfig.ts";
import type { Layout } from "../layout.ts";
import { writeYaml } from "../yaml.ts";

/** Logs every request once, when it is answered, so that tests can count a client's requests. */
const AUDIT_POLICY = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  rules: [{ level: "Metadata" }],
};

/** Writes the files the control plane reads: audit policy, scheduler configuration and a kubeconfig per component. */
export function writeControlPlaneConfig(layout: Layout, server: string): void {
  const file = (name: string) => join(layout.config, name);
  writeYaml(file("audit-policy.yaml"), AUDIT_POLICY);
  for (const user of ["admin", "controller-manager", "scheduler"] as const) {
    writeKubeconfig(file(`${user}.kubeconfig`), { cluster: layout.name, server, pki: layout.pki, user });
  }
  writeYaml(file("scheduler.yaml"), {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: { leaderElect: false },
    clientConnection: { kubeconfig: file("scheduler.kubeconfig") },
  });
  copyFileSync(file("admin.kubeconfig"), layout.kubeconfig);
}
