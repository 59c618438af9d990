import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { layoutOf } from "../layout.ts";
import { chooseLink, ipv4, network, overlap, routedNetworks } from "./addresses.ts";
import { cgroupHierarchies } from "./cgroups.ts";
import { cniConfig, containerdConfig, corefile, kubeletConfig, kubeProxyConfig } from "./config.ts";
import { openMachine } from "./machine.ts";
import { cgroupOf, linkOf } from "./names.ts";

const root = mkdtempSync(join(tmpdir(), "ta-node-unit-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("addresses", () => {
  it("detect overlapping networks", () => {
    expect(overlap(network("198.18.0.0/30"), network("198.18.0.2"))).toBe(true);
    expect(overlap(network("198.18.0.0/30"), network("198.18.0.4/30"))).toBe(false);
    expect(overlap(network("0.0.0.0/0"), network("198.18.0.4/30"))).toBe(true);
    expect(network("10.1.2.3/8").first).toBe(ipv4("10.0.0.0"));
    expect(() => ipv4("10.1.2")).toThrow(/not an IPv4/);
  });

  it("give a cluster the same link while it is free, and otherwise the next one", () => {
    const first = chooseLink("00000001", []);
    expect(first).toEqual({ subnet: "198.18.0.4/30", hostAddress: "198.18.0.5", address: "198.18.0.6" });
    expect(chooseLink("00000001", [network(first.subnet)]).subnet).toBe("198.18.0.8/30");
    expect(chooseLink("00007fff", []).subnet).toBe("198.19.255.252/30");
    expect(chooseLink("00007fff", [network("198.19.255.0/24")]).subnet).toBe("198.18.0.0/30");
  });

  it("fail if the machine's routes cover the whole range", () => {
    expect(() => chooseLink("00000001", [network("198.18.0.0/15")])).toThrow(/no free \/30/);
  });

  it("are read from the machine's routes without the default route", () => {
    const json = JSON.stringify([
      { dst: "default" },
      { dst: "198.18.0.4/30" },
      { dst: "10.0.0.1" },
      { dst: "fe80::/64" },
      {},
    ]);
    expect(routedNetworks(json)).toEqual([network("198.18.0.4/30"), network("10.0.0.1")]);
    expect(routedNetworks("")).toEqual([]);
  });
});

describe("names outside the cluster's folder", () => {
  it("differ by folder and fit the kernel", () => {
    const one = layoutOf("dev", "/a");
    const other = layoutOf("dev", "/b");
    expect(linkOf(one)).not.toBe(linkOf(other));
    expect(cgroupOf(one)).not.toBe(cgroupOf(other));
    expect(linkOf(one).length).toBeLessThanOrEqual(15);
    for (const bad of ["", "A", "../x", "-x", "x".repeat(41)])
      expect(() => layoutOf(bad, "/a")).toThrow(/cluster name/);
  });
});

describe("configuration", () => {
  const layout = layoutOf("dev", "/clusters");
  const config = {
    layout,
    server: "https://198.18.0.6:6443",
    address: "198.18.0.6",
    cgroup: "taskassistant-0",
    cniPlugins: "/usr/lib/cni",
    snapshotter: "overlayfs" as const,
  };

  it("keeps the kubelet inside the cluster's cgroup, folder and DNS", () => {
    expect(kubeletConfig(config)).toMatchObject({
      cgroupRoot: "/taskassistant-0",
      cgroupDriver: "cgroupfs",
      podLogsDir: "/clusters/dev/pod-logs",
      clusterDNS: ["10.244.0.1"],
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: "Webhook" },
      imageGCHighThresholdPercent: 100,
    });
  });

  it("does not change the machine's connection tracking", () => {
    expect(kubeProxyConfig(config)).toMatchObject({ mode: "iptables", conntrack: { maxPerCore: 0, min: 0 } });
  });

  it("lets containerd use only folders of the cluster", () => {
    const toml = containerdConfig(config);
    expect(toml).toContain('root = "/clusters/dev/containerd"');
    expect(toml).toContain('address = "/clusters/dev/containerd.sock"');
    expect(toml).toContain("netns_mounts_under_state_dir = true");
    expect(toml).toContain("restrict_oom_score_adj = true");
    for (const [, path = ""] of toml.matchAll(/"(\/[^"]*)"/g)) expect(path).toMatch(/^\/(clusters\/dev|usr\/lib\/cni)/);
  });

  it("keeps pod addresses in the cluster's folder, in a network without host bits", () => {
    expect(JSON.stringify(cniConfig(layout))).toContain('"dataDir":"/clusters/dev/cni-addresses"');
    const [, subnet = ""] = /"subnet":"([^"]+)"/.exec(JSON.stringify(cniConfig(layout))) ?? [];
    expect(network(subnet).first).toBe(ipv4(subnet.split("/")[0]!));
  });

  it("resolves the cluster's names on the bridge and forwards no query", () => {
    expect(corefile(config)).toContain("bind 10.244.0.1");
    expect(corefile(config)).not.toContain("forward");
  });
});

describe("cgroup hierarchies", () => {
  it("are found for both versions", () => {
    const mounts =
      "tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n";
    expect(cgroupHierarchies(mounts)).toEqual(["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/unified"]);
  });
});

describe("the machine's ledger", () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(root, "machine-"));
    for (const [name, value] of Object.entries({ "kernel/panic": "1", "fs/inotify/max_user_instances": "128" })) {
      mkdirSync(join(base, "sys", name, ".."), { recursive: true });
      writeFileSync(join(base, "sys", name), `${value}\n`);
    }
    writeFileSync(join(base, "boot"), "first\n");
    for (const cluster of ["a", "b"]) mkdirSync(join(base, cluster));
  });
  const paths = () => ({ ledgerDir: join(base, "run"), sysctls: join(base, "sys"), bootId: join(base, "boot") });
  const machine = () => openMachine(paths(), [join(base, "covered")]);
  const sysctl = (name: string) => readFileSync(join(base, "sys", name), "utf8").trim();
  const enter = (cluster: string, subnet = "198.18.0.0/30") => machine().enter(join(base, cluster), () => subnet);
  const leave = (cluster: string) => machine().leave(join(base, cluster));

  it("restores the settings that a cluster changed and leaves no file or folder", async () => {
    await enter("a");
    expect(sysctl("fs/inotify/max_user_instances")).toBe("1024");
    expect(existsSync(join(base, "covered"))).toBe(true);
    writeFileSync(join(base, "sys/kernel/panic"), "10"); // as the kubelet does
    await leave("a");
    expect(sysctl("fs/inotify/max_user_instances")).toBe("128");
    expect(sysctl("kernel/panic")).toBe("1");
    expect(existsSync(join(base, "covered"))).toBe(false);
    expect(existsSync(join(base, "run"))).toBe(false);
  });

  it("restores only when the last cluster leaves, in any order", async () => {
    await enter("a");
    writeFileSync(join(base, "sys/kernel/panic"), "10");
    await enter("b");
    await leave("a");
    expect(sysctl("kernel/panic")).toBe("10");
    expect(sysctl("fs/inotify/max_user_instances")).toBe("1024");
    await leave("b");
    expect(sysctl("kernel/panic")).toBe("1");
    expect(sysctl("fs/inotify/max_user_instances")).toBe("128");
  });

  it("neither lowers a value nor removes a folder that existed before", async () => {
    writeFileSync(join(base, "sys/fs/inotify/max_user_instances"), "8192");
    mkdirSync(join(base, "covered"));
    await enter("a");
    expect(sysctl("fs/inotify/max_user_instances")).toBe("8192");
    await leave("a");
    expect(existsSync(join(base, "covered"))).toBe(true);
  });

  it("keeps a folder that another program uses and restores the rest", async () => {
    await enter("a");
    writeFileSync(join(base, "covered/of-another"), "");
    await leave("a");
    expect(existsSync(join(base, "covered/of-another"))).toBe(true);
    expect(sysctl("fs/inotify/max_user_instances")).toBe("128");
    expect(existsSync(join(base, "run"))).toBe(false);
  });

  it("leaves no file when the last cluster of an earlier boot is removed", async () => {
    await enter("a");
    writeFileSync(join(base, "boot"), "second\n");
    await leave("a");
    expect(existsSync(join(base, "run"))).toBe(false);
  });

  it("passes a cluster the links of the others but not its own", async () => {
    await enter("a", "198.18.0.4/30");
    await machine().enter(join(base, "b"), (others) => {
      expect(others).toEqual(["198.18.0.4/30"]);
      return "198.18.0.8/30";
    });
    await machine().enter(join(base, "a"), (others) => {
      expect(others).toEqual(["198.18.0.8/30"]);
      return "198.18.0.4/30";
    });
  });

  it("forgets a cluster whose folder was removed by hand", async () => {
    await enter("a");
    await enter("b");
    rmSync(join(base, "a"), { recursive: true });
    await leave("b");
    expect(sysctl("fs/inotify/max_user_instances")).toBe("128");
  });

  it("does not restore settings that a restart of the machine has reset", async () => {
    await enter("a");
    writeFileSync(join(base, "boot"), "second\n");
    writeFileSync(join(base, "sys/kernel/panic"), "3"); // the new boot's own
    writeFileSync(join(base, "sys/fs/inotify/max_user_instances"), "256");
    await enter("b");
    await leave("b");
    expect(sysctl("kernel/panic")).toBe("3");
    expect(sysctl("fs/inotify/max_user_instances")).toBe("256");
  });

  it("does nothing for a cluster it doesn't know", async () => {
    await leave("a");
    expect(existsSync(join(base, "run"))).toBe(false);
  });
});
