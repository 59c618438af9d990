import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../machine/files.ts";
import { withLock } from "../machine/lock.ts";

/**
 * The record that all clusters of a machine share. The first cluster saves the machine's settings, and the last one
 * restores them. It is kept under /run, since its content is obsolete after a restart of the machine.
 */
type Ledger = {
  readonly boot: string;
  /** Original values by sysctl path. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Folders that were created because they did not exist. */
  readonly madeDirs: readonly string[];
  /** The running clusters: the /30 of each link by the cluster's folder. */
  readonly clusters: Readonly<Record<string, string>>;
};

export type Machine = {
  /** Adds a cluster. `choose` receives the links of the others and returns its own. */
  enter(dir: string, choose: (others: string[]) => string): Promise<void>;
  /** Removes a cluster, and restores the machine after the last one. Does nothing for an unknown cluster. */
  leave(dir: string): Promise<void>;
};

export type MachinePaths = { readonly ledgerDir: string; readonly sysctls: string; readonly bootId: string };

const REAL: MachinePaths = {
  ledgerDir: "/run/taskassistant",
  sysctls: "/proc/sys",
  bootId: "/proc/sys/kernel/random/boot_id",
};

/** Settings that a kubelet changes machine-wide. */
const SET_BY_KUBELET = [
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
];
/** Every watched file tree takes an instance. The usual 128 are too few for a node and other programs. */
const AT_LEAST: Readonly<Record<string, number>> = { "fs/inotify/max_user_instances": 1024 };

/**
 * Fixed folders that programs write to (the CNI library's cache, the kubelet's device sockets). Inside the node a folder
 * of the cluster is mounted over each of them, so they must exist.
 */
export const COVERED_DIRS: Readonly<Record<string, string>> = {
  "/var/lib/cni": "cni-cache",
  "/var/lib/kubelet": "kubelet-default",
};

export function openMachine(
  paths: MachinePaths = REAL,
  mountPoints: readonly string[] = Object.keys(COVERED_DIRS),
): Machine {
  const file = join(paths.ledgerDir, "machine.json");
  const sysctlFile = (name: string) => join(paths.sysctls, name);
  const boot = () => readFileSync(paths.bootId, "utf8").trim();

  function begin(): Ledger {
    const sysctls: Record<string, string> = {};
    for (const name of [...SET_BY_KUBELET, ...Object.keys(AT_LEAST)]) {
      if (existsSync(sysctlFile(name))) sysctls[name] = readFileSync(sysctlFile(name), "utf8").trim();
    }
    return { boot: boot(), sysctls, madeDirs: mountPoints.filter((dir) => !existsSync(dir)), clusters: {} };
  }

  function end(ledger: Ledger): void {
    for (const [name, value] of Object.entries(ledger.sysctls)) {
      if (readFileSync(sysctlFile(name), "utf8").trim() !== value) writeFileSync(sysctlFile(name), value);
    }
    // A folder that is not empty has another user by now and stays.
    for (const dir of ledger.madeDirs) rmdirIfEmpty(dir);
  }

  const exclusively = async (action: () => void) => {
    await withLock(join(paths.ledgerDir, "lock"), 30_000, async () => action());
    if (!existsSync(file)) rmdirIfEmpty(paths.ledgerDir);
  };

  return {
    enter: (dir, choose) =>
      exclusively(() => {
        const known = readJson<Ledger>(file);
        const ledger = known?.boot === boot() ? known : begin();
        const others = Object.fromEntries(
          Object.entries(ledger.clusters).filter(([other]) => other !== dir && existsSync(other)),
        );
        const clusters = { ...others, [dir]: choose(Object.values(others)) };
        // Saved before any change, so that a crash in between does not lose the original values.
        writeJson(file, { ...ledger, clusters });
        for (const made of ledger.madeDirs) mkdirSync(made, { recursive: true });
        for (const [name, least] of Object.entries(AT_LEAST)) {
          if (Number(ledger.sysctls[name] ?? least) < least) writeFileSync(sysctlFile(name), String(least));
        }
      }),
    leave: async (dir) => {
      if (readJson<Ledger>(file)?.clusters[dir] === undefined) return;
      await exclusively(() => {
        const ledger = readJson<Ledger>(file);
        if (ledger === undefined) return;
        // A cluster whose folder was removed by hand no longer exists.
        const clusters = Object.fromEntries(
          Object.entries(ledger.clusters).filter(([other]) => other !== dir && existsSync(other)),
        );
        if (Object.keys(clusters).length > 0) return writeJson(file, { ...ledger, clusters });
        // A restart of the machine has reset the settings, but /run may outlive it.
        if (ledger.boot === boot()) end(ledger);
        rmSync(file, { force: true });
      });
    },
  };
}

function rmdirIfEmpty(dir: string): void {
  try {
    rmdirSync(dir);
  } catch (error) {
    // It no longer exists, or another program uses it.
    if (!["ENOTEMPTY", "ENOENT", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
