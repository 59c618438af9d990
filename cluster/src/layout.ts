import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { inCache } from "./machine/cache.ts";

/** The paths of one cluster's files. Names outside the folder (cgroup, link) are derived from its path. */
export type Layout = {
  readonly name: string;
  readonly dir: string;
  /** Eight hex digits of the folder's hash: unique per folder, stable across runs. */
  readonly id: string;
  readonly pki: string;
  readonly logs: string;
  readonly config: string;
  readonly processes: string;
  readonly kubeconfig: string;
  readonly auditLog: string;
  readonly stateFile: string;
  readonly statusFile: string;
};

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

export const defaultClustersDir = (): string => inCache("clusters");

/**
 * @param dir the folder that holds clusters, one subfolder each; default `clusters` in the project's cache
 * @throws if the name is not a short DNS label, since it becomes part of file and node names
 */
export function layoutOf(name: string, dir: string = defaultClustersDir()): Layout {
  if (!NAME.test(name))
    throw new Error(`invalid cluster name ${JSON.stringify(name)}; use 1 to 40 characters of a-z, 0-9 and "-"`);
  const own = join(resolve(dir), name);
  return {
    name,
    dir: own,
    id: createHash("sha256").update(own).digest("hex").slice(0, 8),
    pki: join(own, "pki"),
    logs: join(own, "logs"),
    config: join(own, "config"),
    processes: join(own, "processes"),
    kubeconfig: join(own, "kubeconfig"),
    auditLog: join(own, "logs", "audit.log"),
    stateFile: join(own, "state.json"),
    statusFile: join(own, "status.json"),
  };
}
