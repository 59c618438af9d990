import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { endWithOwner } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Cluster, openCluster, startControlPlane, stopCluster } from "../src/index.ts";
import { layoutOf } from "../src/layout.ts";
import { markedProcesses } from "../src/machine/processes.ts";
import { tracesOf } from "../src/machine-traces.ts";
import { readStatus } from "../src/supervisor/control.ts";

const dir = mkdtempSync(join(tmpdir(), "ta-clusters-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe("a control plane", () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startControlPlane({ name: "plane", dir });
  });
  afterAll(() => cluster?.stop());

  it("answers kubectl and the direct client", async () => {
    expect(await cluster.kubectl("get", "--raw", "/readyz")).toBe("ok");
    const version = await cluster.api.get<{ gitVersion: string }>("/version");
    expect(version.gitVersion).toMatch(/^v1\.\d+/);
  });

  it("garbage-collects the dependents of a deleted owner", async () => {
    await cluster.kubectl("create", "deployment", "owner", "--image=none", "--replicas=2");
    await expect
      .poll(() => cluster.kubectl("get", "pods", "-o", "name"), { timeout: 20_000 })
      .toMatch(/(pod\/owner.*\s){2}/);
    await cluster.kubectl("delete", "deployment", "owner");
    await expect.poll(() => cluster.kubectl("get", "pods,rs", "-o", "name"), { timeout: 20_000 }).toBe("");
  });

  it("writes one audit line per answered request, with its user and verb", async () => {
    await cluster.kubectl("get", "configmap", "audited", "--ignore-not-found");
    const lines = () =>
      readFileSync(cluster.auditLog, "utf8")
        .split("\n")
        .filter((line) => line.includes("/configmaps/audited"))
        .map((line) => JSON.parse(line) as { verb: string; stage: string; level: string; user: { username: string } });
    await expect.poll(() => lines().length, { timeout: 5_000 }).toBe(1);
    expect(lines()[0]).toMatchObject({
      verb: "get",
      stage: "ResponseComplete",
      level: "Metadata",
      user: { username: "admin" },
    });
  });

  it("restarts a killed process and keeps the data", async () => {
    await cluster.kubectl("create", "configmap", "kept");
    const before = readStatus(layoutOf("plane", dir))!.processes["kube-apiserver"]!;
    process.kill(before.pid!, "SIGKILL");
    await expect
      .poll(() => readStatus(layoutOf("plane", dir))?.processes["kube-apiserver"], { timeout: 30_000 })
      .toMatchObject({ ready: true, starts: 2, lastExit: "signal SIGKILL" });
    expect(await cluster.kubectl("get", "configmap", "kept", "-o", "name")).toBe("configmap/kept\n");
  });

  it("leaves no trace after it stops", async () => {
    const other = await startControlPlane({ name: "short-lived", dir });
    expect(markedProcesses(other.dir).length).toBe(5);
    await other.stop();
    expect(markedProcesses(other.dir)).toEqual([]);
    expect(existsSync(other.dir)).toBe(false);
    expect(() => openCluster("short-lived", dir)).toThrow(/no cluster named short-lived/);
    expect(await cluster.kubectl("get", "--raw", "/readyz")).toBe("ok");
  });
});

it("a control plane whose folder was removed by hand can still be stopped", async () => {
  const { dir: own } = await startControlPlane({ name: "beheaded", dir });
  rmSync(own, { recursive: true, force: true });
  expect(markedProcesses(own).length).toBeGreaterThan(0);
  await stopCluster("beheaded", { dir });
  expect(tracesOf(layoutOf("beheaded", dir))).toEqual([]);
});

it("a control plane is removed when the process that started it is killed", async () => {
  const script = join(dir, "owner.ts");
  writeFileSync(
    script,
    `import { startControlPlane } from ${JSON.stringify(join(import.meta.dirname, "../src/index.ts"))};
     await startControlPlane({ name: "orphan", dir: ${JSON.stringify(dir)} });
     process.stdout.write("up\\n"); setInterval(() => {}, 1000);`,
  );
  const owner = endWithOwner(spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] }));
  await new Promise((resolve, reject) => {
    owner.stdout.once("data", resolve);
    owner.once("exit", () => reject(new Error("the owner ended early")));
  });
  const layout = layoutOf("orphan", dir);
  expect(markedProcesses(layout.dir).length).toBe(5);
  owner.removeAllListeners("exit");
  owner.kill("SIGKILL");
  const deadline = Date.now() + 20_000;
  while (existsSync(layout.dir) && Date.now() < deadline) await sleep(100);
  expect(existsSync(layout.dir)).toBe(false);
  expect(markedProcesses(layout.dir)).toEqual([]);
});
