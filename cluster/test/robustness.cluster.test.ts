import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { writeBusyboxImage } from "../src/images/index.ts";
import { type Cluster, openCluster, startNode, stopCluster } from "../src/index.ts";
import { layoutOf } from "../src/layout.ts";
import { markedProcesses, waitGone } from "../src/machine/processes.ts";
import { tracesOf } from "../src/machine-traces.ts";
import { readStatus } from "../src/supervisor/control.ts";

/** A cluster must come and go without a trace, whatever happens to it in between. */
const dir = mkdtempSync(join(tmpdir(), "ta-robust-"));
const image = "example.org/busybox:test";
const archive = join(dir, "busybox.tar");
writeBusyboxImage(archive, image);
const names = ["first", "second"];

afterAll(async () => {
  for (const name of names) await stopCluster(name, { dir });
  rmSync(dir, { recursive: true, force: true });
});

const SYSCTLS = [
  "kernel/panic",
  "kernel/panic_on_oops",
  "vm/overcommit_memory",
  "fs/inotify/max_user_instances",
  "net/ipv4/ip_forward",
];
const machine = () => ({
  sysctls: SYSCTLS.map((name) => `${name}=${readFileSync(`/proc/sys/${name}`, "utf8").trim()}`),
  folders: ["/run", "/var/lib", "/opt"]
    .flatMap((folder) => readdirSync(folder))
    .filter((name) => /cni|kubelet|containerd|taskassistant/.test(name)),
});
const before = machine();

const writer = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "writer" },
  spec: {
    securityContext: { runAsUser: 999, fsGroup: 999 },
    terminationGracePeriodSeconds: 1,
    containers: [
      {
        name: "main",
        image,
        command: ["/bin/sh", "-c", "echo start >>/data/starts; exec sleep 3600"],
        volumeMounts: [{ name: "data", mountPath: "/data" }],
      },
    ],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
  },
};
const claim = {
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "data" },
  spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
};

async function run(cluster: Cluster): Promise<void> {
  await cluster.kubectl.apply([claim, writer]);
  await cluster.kubectl("wait", "--for=condition=Ready", "pod/writer", "--timeout=60s");
}
const starts = (cluster: Cluster) => cluster.kubectl("exec", "writer", "--", "cat", "/data/starts");
const cli = (...args: string[]) =>
  execFileSync(process.execPath, [join(import.meta.dirname, "../src/main.ts"), ...args, "--dir", dir], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

it("stopping one of two clusters keeps the other and the machine's settings", async () => {
  const first = await startNode({ name: "first", dir, images: [archive] });
  await run(first);
  const second = await startNode({ name: "second", dir, images: [archive] });
  await run(second);
  expect(first.server).not.toBe(second.server);
  expect(await second.kubectl("get", "nodes", "-o", "name")).toBe("node/second\n");

  await second.stop();
  expect(tracesOf(layoutOf("second", dir))).toEqual([]);
  expect(readFileSync("/proc/sys/fs/inotify/max_user_instances", "utf8").trim()).toBe("1024");
  expect(await starts(first)).toBe("start\n");
});

it("a cluster whose processes were all killed starts again with its data", async () => {
  const layout = layoutOf("first", dir);
  const processes = markedProcesses(layout.dir);
  for (const { pid } of processes) process.kill(pid, "SIGKILL");
  await waitGone(processes, 5_000);

  expect(() => cli("status", "--name", "first")).toThrow();
  const again = await startNode({ name: "first", dir });
  expect(cli("status", "--name", "first")).toMatch(/kubelet\s+ready/);
  await expect.poll(() => starts(again).catch(() => ""), { timeout: 90_000 }).toBe("start\nstart\n");
});

it("down after kill -9 of the supervisor leaves no trace", async () => {
  const layout = layoutOf("first", dir);
  process.kill(readStatus(layout)!.supervisor.pid, "SIGKILL");
  expect(tracesOf(layout).length).toBeGreaterThan(10);

  cli("down", "--name", "first");
  expect(tracesOf(layout)).toEqual([]);
  expect(machine()).toEqual(before);
  expect(() => openCluster("first", dir)).toThrow(/no cluster named first/);
  cli("down", "--name", "first"); // once more changes nothing
});

it("down after an interrupted start leaves no trace", async () => {
  const layout = layoutOf("second", dir);
  await expect(startNode({ name: "second", dir, timeoutMs: 700 })).rejects.toThrow(
    /cluster second: [\w-]+ is not ready after 1 s/,
  );
  expect(tracesOf(layout)).not.toEqual([]);
  cli("down", "--name", "second");
  expect(tracesOf(layout)).toEqual([]);
  expect(machine()).toEqual(before);
});
