import type { ProcessIdentity } from "../machine/processes.ts";

/** How the supervisor checks that a process is ready. */
export type Probe =
  | {
      readonly kind: "http";
      readonly url: string;
      readonly caFile?: string;
      readonly certFile?: string;
      readonly keyFile?: string;
      readonly insecure?: boolean;
    }
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "file"; readonly path: string };

/** One process to keep running, stored as `processes/NAME.json` in the cluster's folder. Removing the file stops it. */
export type ProcessSpec = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Run inside the node's network and mount namespaces. */
  readonly inside?: boolean;
  /** Started for the first time only when these processes are ready and these files (absolute paths) exist. */
  readonly after?: readonly string[];
  /** Without a probe the process is ready as soon as it runs. */
  readonly ready?: Probe;
};

/** What the supervisor needs beside the process files: `plan.json`, written before it starts. */
export type Plan = {
  /** The cluster is removed when this process, such as a test run, has ended. */
  readonly owner?: ProcessIdentity;
  /** Commands that furnish the node's namespaces; `PID` in an argument is the process that holds them. */
  readonly namespaces?: {
    readonly host: readonly (readonly string[])[];
    readonly inside: readonly (readonly string[])[];
  };
};

export type ProcessStatus = {
  readonly pid?: number;
  readonly started?: string;
  readonly ready: boolean;
  readonly starts: number;
  readonly lastExit?: string;
};

/** `status.json`, replaced by the supervisor at every change. */
export type Status = {
  readonly supervisor: ProcessIdentity;
  readonly failure?: string;
  readonly processes: Readonly<Record<string, ProcessStatus>>;
};
