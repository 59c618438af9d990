import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import type { KubeObject } from "../api.ts";
import type { Cluster } from "../handle.ts";
import { layoutOf } from "../layout.ts";
import { freePorts } from "../machine/ports.ts";
import { locatePrograms } from "../programs/index.ts";
import { addProcesses, waitReady } from "../supervisor/control.ts";
import { STAGES } from "./stages.ts";

export type KwokOptions = {
  /** Number of fake nodes, named `fake-0` and up. Default: 1. Each accepts 1000 pods. */
  readonly nodes?: number;
  /** Default 30 s. */
  readonly timeoutMs?: number;
};

const ANNOTATION = "kwok.x-k8s.io/node";

const fakeNode = (index: number): KubeObject => {
  const name = `fake-${index}`;
  const room = { cpu: "1000", memory: "4Ti", pods: "1000" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      annotations: { [ANNOTATION]: "fake" },
      labels: { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
    },
    status: { allocatable: room, capacity: room },
  };
};

type NodeStatus = { readonly status?: { readonly conditions?: readonly { type: string; status: string }[] } };

/**
 * Level L3: adds fake nodes to a control plane and waits until they are ready. Their pods run at once without a container,
 * pods of Jobs complete, and deleted pods disappear. @throws with kwok's last log lines if it takes too long
 */
export async function startKwok(cluster: Cluster, options: KwokOptions = {}): Promise<void> {
  const timeoutMs = options.timeoutMs ?? 30_000;
  const layout = layoutOf(cluster.name, join(cluster.dir, ".."));
  const served = await locatePrograms(["kwok"], () => undefined);
  const stages = join(layout.config, "stages.yaml");
  writeFileSync(stages, STAGES.map((stage) => stringify(stage)).join("---\n"));
  const [port = 0] = await freePorts(1);
  addProcesses(layout, [
    {
      name: "kwok",
      command: join(served.dir, "kwok"),
      args: [
        `--kubeconfig=${layout.kubeconfig}`,
        `--config=${stages}`,
        `--manage-nodes-with-annotation-selector=${ANNOTATION}=fake`,
        `--server-address=127.0.0.1:${port}`,
        "--node-lease-duration-seconds=40",
      ],
      ready: { kind: "http", url: `http://127.0.0.1:${port}/healthz` },
    },
  ]);
  await waitReady(layout, ["kwok"], timeoutMs);

  const names = Array.from({ length: options.nodes ?? 1 }, (_, index) => fakeNode(index));
  for (const node of names) {
    const reply = await cluster.api.request("POST", "/api/v1/nodes", node);
    if (reply.status !== 201 && reply.status !== 409)
      throw new Error(`could not create the node ${node.metadata.name}: ${reply.status} ${reply.body}`);
  }
  const deadline = Date.now() + timeoutMs;
  for (const { metadata } of names) {
    const isReady = async () => {
      const node = await cluster.api.get<NodeStatus>(`/api/v1/nodes/${metadata.name}`);
      return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
    };
    while (!(await isReady())) {
      if (Date.now() > deadline)
        throw new Error(`the node ${metadata.name} is not ready. The end of kwok's log:\n${cluster.logs("kwok", 15)}`);
      await sleep(50);
    }
  }
}
