import { dirname, join } from "node:path";
import { type Api, connectApi } from "./api.ts";
import { type Kubectl, kubectlFor } from "./kubectl.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { lastLines } from "./machine/files.ts";
import { readState } from "./state.ts";
import { stopCluster } from "./stop.ts";

/** A running cluster, as tests and `make up` use it. */
export type Cluster = {
  readonly name: string;
  readonly level: "control-plane" | "node";
  /** Folder of all files of the cluster. */
  readonly dir: string;
  /** URL of the API server. It answers only on this machine. */
  readonly server: string;
  /** The machine's address that pods use, for example for a database outside the cluster. Only clusters with a node have it. */
  readonly hostAddress: string | undefined;
  /** Admin kubeconfig with embedded certificates. */
  readonly kubeconfig: string;
  /** Contains one JSON object per line for each answered request (level Metadata). */
  readonly auditLog: string;
  /** Folder of the Kubernetes programs (`kubectl`, `helm`, ...). */
  readonly programs: string;
  readonly kubectl: Kubectl;
  /** The API as the cluster's admin, without kubectl's start-up time. */
  readonly api: Api;
  /** The last lines of a process's log (`kube-apiserver`, `kubelet`, ...). */
  logs(process: string, lines?: number): string;
  /** Removes the cluster, see `stopCluster`. */
  stop(): Promise<void>;
};

/** The handle of a cluster that any process has started. @throws if there is no cluster with that name */
export function openCluster(name: string, dir?: string): Cluster {
  return handleFor(layoutOf(name, dir));
}

export function handleFor(layout: Layout): Cluster {
  const state = readState(layout);
  if (state === undefined) throw new Error(`there is no cluster named ${layout.name} (looked in ${layout.dir})`);
  return {
    name: layout.name,
    level: state.level,
    dir: layout.dir,
    server: state.server,
    hostAddress: state.node?.hostAddress,
    kubeconfig: layout.kubeconfig,
    auditLog: layout.auditLog,
    programs: state.programs,
    kubectl: kubectlFor(layout, state.programs),
    api: connectApi(state.server, layout.pki, "admin"),
    logs: (process, lines = 50) => lastLines(join(layout.logs, `${process}.log`), lines),
    stop: () => stopCluster(layout.name, { dir: dirname(layout.dir) }),
  };
}
