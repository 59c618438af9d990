import { dirname, join } from "node:path";
import { type Api, connectApi } from "./api.ts";
import { type Kubectl, kubectlFor } from "./kubectl.ts";
import { type Layout, layoutOf } from "./layout.ts";
import { lastLines } from "./machine/files.ts";
import { readState } from "./state.ts";
import { stopCluster } from "./stop.ts";

/** A running cluster, as tests and `make up` hold it. */
export type Cluster = {
  readonly name: string;
  readonly level: "control-plane" | "node";
  /** Folder of everything the cluster has written. */
  readonly dir: string;
  /** URL of the API server; answers on the machine itself. */
  readonly server: string;
  /** Of a node: the machine's address as pods reach it (a database outside the cluster, say). */
  readonly hostAddress: string | undefined;
  /** Admin kubeconfig with embedded certificates. */
  readonly kubeconfig: string;
  /** One JSON object a line, each request once when answered (level Metadata). */
  readonly auditLog: string;
  /** Folder of the Kubernetes programs (`kubectl`, `helm`, ...). */
  readonly programs: string;
  readonly kubectl: Kubectl;
  /** The API as the cluster's admin, without kubectl's start-up time. */
  readonly api: Api;
  /** The last lines of a process's log (`kube-apiserver`, `kubelet`, ...). */
  logs(process: string, lines?: number): string;
  /** Takes it down, see `stopCluster`. */
  stop(): Promise<void>;
};

/** The handle of a cluster that some process has brought up. @throws when there is none of that name */
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
