import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeBusyboxImage } from "../src/images/index.ts";
import { type Cluster, startForward, startNode } from "../src/index.ts";
import { freePorts } from "../src/machine/index.ts";

/** Level L4: what the product and its tests take for granted of a cluster, on one real node. */
const dir = mkdtempSync(join(tmpdir(), "ta-node-"));
const image = "example.org/busybox:test";
let cluster: Cluster;

beforeAll(async () => {
  const archive = join(dir, "busybox.tar");
  writeBusyboxImage(archive, image);
  cluster = await startNode({ name: "smoke", dir, images: [archive] });
  await cluster.kubectl("create", "namespace", "apps");
  await cluster.kubectl("label", "namespace", "apps", "pod-security.kubernetes.io/enforce=restricted");
});

afterAll(async () => {
  await cluster?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** A pod spec that PodSecurity `restricted` admits: shell `script` as `uid`. */
const podSpec = (script: string, more: { uid?: number; pod?: object; container?: object } = {}) => ({
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: more.uid ?? 65532,
    runAsGroup: more.uid ?? 65532,
    seccompProfile: { type: "RuntimeDefault" },
  },
  terminationGracePeriodSeconds: 1,
  containers: [
    {
      name: "main",
      image,
      command: ["/bin/sh", "-c", script],
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
      ...more.container,
    },
  ],
  volumes: [{ name: "tmp", emptyDir: {} }],
  ...more.pod,
});

const named = (name: string) => ({ name, namespace: "apps", labels: { app: name } });
const k = (...args: string[]) => cluster.kubectl("-n", "apps", ...args);
const inClient = (...command: string[]) => k("exec", "client", "--", ...command);
const fromClient = (url: string) => inClient("wget", "-q", "-O", "-", url);

describe("a node", () => {
  it("is ready and has one default StorageClass", async () => {
    expect(await cluster.kubectl("get", "nodes", "--no-headers")).toMatch(/^smoke\s+Ready/);
    expect(await cluster.kubectl("get", "storageclass", "--no-headers")).toMatch(/^local \(default\)/);
  });

  it("rejects a pod that is not restricted", async () => {
    const refused = await cluster.kubectl.run(["-n", "apps", "run", "rooted", `--image=${image}`, "--privileged"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('violates PodSecurity "restricted:latest"');
  });

  it("routes a Service's DNS name to the pods of a Deployment", async () => {
    await cluster.kubectl.apply([
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: named("web"),
        spec: {
          replicas: 2,
          selector: { matchLabels: { app: "web" } },
          template: {
            metadata: { labels: { app: "web" } },
            spec: podSpec("echo hello from the web >/tmp/index.html; echo listening; exec httpd -f -p 8080 -h /tmp", {
              container: { readinessProbe: { httpGet: { path: "/index.html", port: 8080 }, periodSeconds: 1 } },
            }),
          },
        },
      },
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: named("web"),
        spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: 8080 }] },
      },
      { apiVersion: "v1", kind: "Pod", metadata: named("client"), spec: podSpec("sleep 3600") },
    ]);
    await k("rollout", "status", "deployment/web", "--timeout=60s");
    await k("wait", "--for=condition=Ready", "pod/client", "--timeout=60s");
    const address = await k("get", "service", "web", "-o", "jsonpath={.spec.clusterIP}");
    // A statically linked wget resolves no names; nslookup brings its own resolver.
    expect(await inClient("nslookup", "-type=a", "web.apps.svc.cluster.local")).toContain(`Address: ${address}`);
    expect(await inClient("nslookup", "-type=a", "kubernetes.default.svc.cluster.local")).toContain(
      "Address: 10.96.0.1",
    );
    expect(await inClient("cat", "/etc/resolv.conf")).toContain("search apps.svc.cluster.local svc.cluster.local");
    expect(await fromClient(`http://${address}/index.html`)).toBe("hello from the web\n");
    expect(await k("logs", "deployment/web")).toBe("listening\n");
  });

  it("forwards a port of the machine to the Service", async () => {
    const [localPort = 0] = await freePorts(1);
    await startForward(cluster, {
      name: "forward-web",
      namespace: "apps",
      target: "service/web",
      remotePort: 80,
      localPort,
    });
    const response = await fetch(`http://127.0.0.1:${localPort}/index.html`);
    expect(await response.text()).toBe("hello from the web\n");
  });

  it("lets pods reach the machine and the API server's Service", async () => {
    const server = createServer((_, response) => response.end("hello from the machine"));
    await new Promise<void>((resolve) => server.listen(0, cluster.hostAddress, resolve));
    const { port } = server.address() as AddressInfo;
    expect(await fromClient(`http://${cluster.hostAddress}:${port}/`)).toBe("hello from the machine");
    server.close();
    // The API server's own words to someone who speaks no TLS.
    await expect(fromClient("http://10.96.0.1:443/")).rejects.toThrow(/400 Bad Request/);
  });

  it("gives a StatefulSet with uid 999 a writable volume that lives as long as its claim", async () => {
    const write = "id -u >>/data/runs && exec sleep 3600";
    await cluster.kubectl.apply([
      {
        apiVersion: "apps/v1",
        kind: "StatefulSet",
        metadata: named("store"),
        spec: {
          serviceName: "store",
          selector: { matchLabels: { app: "store" } },
          template: {
            metadata: { labels: { app: "store" } },
            spec: podSpec(write, {
              uid: 999,
              pod: {
                securityContext: {
                  runAsNonRoot: true,
                  runAsUser: 999,
                  runAsGroup: 999,
                  fsGroup: 999,
                  seccompProfile: { type: "RuntimeDefault" },
                },
              },
              container: { volumeMounts: [{ name: "data", mountPath: "/data" }] },
            }),
          },
          volumeClaimTemplates: [
            {
              metadata: { name: "data" },
              spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
            },
          ],
        },
      },
    ]);
    await k("rollout", "status", "statefulset/store", "--timeout=60s");
    await k("delete", "pod", "store-0");
    await k("rollout", "status", "statefulset/store", "--timeout=60s");
    await k("wait", "--for=condition=Ready", "pod/store-0", "--timeout=60s");
    expect(await k("exec", "store-0", "--", "cat", "/data/runs")).toBe("999\n999\n");

    const folders = () => readdirSync(join(cluster.dir, "volumes"));
    expect(folders()).toHaveLength(1);
    await k("delete", "statefulset/store", "pvc/data-store-0");
    await expect.poll(folders, { timeout: 60_000 }).toEqual([]);
    await expect.poll(() => cluster.kubectl("get", "pv", "-o", "name"), { timeout: 30_000 }).toBe("");
  });

  it("completes a Job", async () => {
    await cluster.kubectl.apply([
      {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: named("once"),
        spec: {
          template: {
            metadata: { labels: { app: "once" } },
            spec: { ...podSpec("echo done"), restartPolicy: "Never" },
          },
        },
      },
    ]);
    await k("wait", "--for=condition=Complete", "job/once", "--timeout=60s");
    expect(await k("logs", "job/once")).toBe("done\n");
  });

  it("obeys readiness and liveness probes", async () => {
    const probe = { exec: { command: ["test", "-f", "/tmp/ready"] }, periodSeconds: 1 };
    await cluster.kubectl.apply([
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: named("probed"),
        spec: podSpec("sleep 3600", { container: { readinessProbe: probe } }),
      },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: named("dying"),
        spec: podSpec("sleep 3600", { container: { livenessProbe: { ...probe, failureThreshold: 1 } } }),
      },
    ]);
    await k("wait", "--for=jsonpath={.status.phase}=Running", "pod/probed", "--timeout=60s");
    expect(await k("get", "pod", "probed", "--no-headers")).toMatch(/0\/1/);
    await k("exec", "probed", "--", "touch", "/tmp/ready");
    await k("wait", "--for=condition=Ready", "pod/probed", "--timeout=30s");
    await expect
      .poll(() => k("get", "pod", "dying", "-o", "jsonpath={.status.containerStatuses[0].restartCount}"), {
        timeout: 60_000,
      })
      .not.toBe("0");
  });

  it("reports a missing image instead of waiting for a registry", async () => {
    await cluster.kubectl.apply([
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: named("pullless"),
        spec: podSpec("true", { container: { image: "example.org/none:1", imagePullPolicy: "IfNotPresent" } }),
      },
    ]);
    await expect
      .poll(() => k("get", "pod", "pullless", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.reason}"), {
        timeout: 60_000,
      })
      .toMatch(/ErrImagePull|ImagePullBackOff/);
  });

  it("leaves the machine's own folders unchanged", () => {
    expect(readdirSync("/var/lib/cni")).toEqual([]);
    expect(existsSync("/var/log/pods")).toBe(false);
  });
});
