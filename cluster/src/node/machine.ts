import { existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../machine/files.ts";
import { withLock } from "../machine/lock.ts";

/**
 * What all clusters of a machine share: the first writes down how things were, the last puts them back. Kept under /run
 * because its content means nothing after a restart of the machine.
 */
type Ledger = {
  readonly boot: string;
  /** Original values by sysctl path. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Folders made because they weren't there. */
  readonly madeDirs: readonly string[];
  /** The clusters that run now: folder -> the /30 of its link. */
  readonly clusters: Readonly<Record<string, string>>;
};

export type Machine = {
  /** Enters a cluster; `choose` gets the links of the others and returns its own. */
  enter(dir: string, choose: (others: string[]) => string): Promise<void>;
  /** Takes a cluster out; the last one restores the machine. Does nothing for an unknown one. */
  leave(dir: string): Promise<void>;
};

export type MachinePaths = { readonly ledgerDir: string; readonly sysctls: string; readonly bootId: string };

const REAL: MachinePaths = {
  ledgerDir: "/run/taskassistant",
  sysctls: "/proc/sys",
  bootId: "/proc/sys/kernel/random/boot_id",
};

/** What a kubelet sets machine-wide. */
const SET_BY_KUBELET = [
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
];
/** Every watched file tree takes an instance; the usual 128 are too few for a node beside other programs. */
const AT_LEAST: Readonly<Record<string, number>> = { "fs/inotify/max_user_instances": 1024 };

/**
 * Folders of the machine that programs insist on (the CNI library's cache, the kubelet's device sockets), each covered
 * inside the node by a folder of the cluster's own. They must exist to be covered.
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
    // Whatever else has put something into one of these since needs it now.
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
        // Written down before anything is changed: a crash in between must not lose the original values.
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
        // A cluster whose folder somebody removed by hand is gone too.
        const clusters = Object.fromEntries(
          Object.entries(ledger.clusters).filter(([other]) => other !== dir && existsSync(other)),
        );
        if (Object.keys(clusters).length > 0) return writeJson(file, { ...ledger, clusters });
        // A restart of the machine has undone everything but the file, where /run outlives it.
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
    // Gone, or somebody else's by now.
    if (!["ENOTEMPTY", "ENOENT", "EBUSY"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
