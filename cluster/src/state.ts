import { mkdirSync } from "node:fs";
import type { Layout } from "./layout.ts";
import { readJson, writeJson } from "./machine/files.ts";
import type { Snapshotter } from "./node/snapshotter.ts";

/** What a cluster is and what it has taken from the machine; written before each thing is made, read by `down`. */
export type ClusterState = {
  readonly name: string;
  readonly level: "control-plane" | "node";
  readonly server: string;
  /** Folder of the Kubernetes programs and how it was found. */
  readonly programs: string;
  readonly served: string;
  readonly ports: { readonly api: number };
  /** Of a node: the /30 between the machine and the node's namespace, the link's name, the cgroup under each hierarchy. */
  readonly node?: {
    readonly subnet: string;
    readonly hostAddress: string;
    readonly address: string;
    readonly link: string;
    readonly cgroup: string;
    /** Where containerd unpacks images. */
    readonly snapshotter: Snapshotter;
  };
};

export function writeState(layout: Layout, state: ClusterState): void {
  mkdirSync(layout.dir, { recursive: true, mode: 0o700 });
  writeJson(layout.stateFile, state);
}

export const readState = (layout: Layout): ClusterState | undefined => readJson<ClusterState>(layout.stateFile);
