import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Cluster, startControlPlane, startKwok } from "../src/index.ts";

/** Level L3: pods that run on nodes that aren't there. */
const dir = mkdtempSync(join(tmpdir(), "ta-kwok-"));
let cluster: Cluster;

beforeAll(async () => {
  cluster = await startControlPlane({ name: "scale", dir });
  await startKwok(cluster, { nodes: 3 });
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(dir, { recursive: true, force: true });
});

it("runs a Deployment of 300 pods on the fake nodes", async () => {
  await cluster.kubectl("create", "deployment", "many", "--image=none", "--replicas=300");
  await cluster.kubectl("rollout", "status", "deployment/many", "--timeout=90s");
  const nodes = await cluster.kubectl("get", "pods", "-o", "jsonpath={range .items[*]}{.spec.nodeName}{'\\n'}{end}");
  expect(new Set(nodes.trim().split("\n"))).toEqual(new Set(["fake-0", "fake-1", "fake-2"]));
  await cluster.kubectl("delete", "deployment", "many");
  await expect.poll(() => cluster.kubectl("get", "pods", "-o", "name"), { timeout: 60_000 }).toBe("");
});

it("completes a Job", async () => {
  await cluster.kubectl("create", "job", "once", "--image=none");
  await cluster.kubectl("wait", "--for=condition=Complete", "job/once", "--timeout=30s");
});
