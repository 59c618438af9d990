import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Cluster, openCluster, startForward } from "@taskassistant/cluster";
import { freePorts } from "@taskassistant/cluster/machine";
import { parse } from "yaml";

/** Name of the node the end-to-end tests share. */
export const CLUSTER = "e2e";

/** One namespace for each test file, so that none sees what another left. */
export const NAMESPACES = {
  demo: "e2e-demo",
  views: "e2e-views",
  accounts: "e2e-accounts",
  chain: "e2e-chain",
  lifecycle: "e2e-lifecycle",
  external: "e2e-external",
  deletion: "e2e-deletion",
  mistakes: "e2e-mistakes",
  kubectl: "e2e-kubectl",
  troubleshooting: "e2e-troubleshooting",
  upgrade: "e2e-upgrade",
  /** The how-to pages name this one, and their commands run as they stand. */
  backup: "team",
} as const;

export interface Resource {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
  // biome-ignore lint/suspicious/noExplicitAny: tests write into any part of the spec
  spec: any;
}

export interface Assistant {
  cluster: Cluster;
  namespace: string;
  name: string;
  /** The address a person types; served by a forward that survives pods. */
  url: string;
  /** Seconds from `kubectl apply` to Ready. */
  readySeconds: number;
}

export const cluster = (): Cluster => openCluster(CLUSTER);

/** A resource out of `examples/`. */
export function example(file: string): Resource {
  return parse(readFileSync(resolve(import.meta.dirname, "../../../../examples", file), "utf8"));
}

/** Applies a resource, waits until it is Ready and makes its frontend reachable on a loopback port. */
export async function bringUp(namespace: string, resource: Resource, timeoutSeconds = 180): Promise<Assistant> {
  const [port = 0] = await freePorts(1);
  const url = `http://localhost:${port}`;
  resource.spec.exposure = { ...resource.spec.exposure, url };
  const started = Date.now();
  await apply(namespace, resource);
  await waitReady(namespace, resource.metadata.name, timeoutSeconds);
  const readySeconds = (Date.now() - started) / 1000;
  const { name } = resource.metadata;
  await forward(namespace, `service/${name}-frontend`, 3000, port);
  return { cluster: cluster(), namespace, name, url, readySeconds };
}

export async function apply(namespace: string, resource: Resource): Promise<void> {
  await cluster().kubectl.apply([resource], "--namespace", namespace);
}

/** Waits for the condition Ready; a failure tells the whole story as kubectl does. */
export async function waitReady(namespace: string, name: string, timeoutSeconds = 180): Promise<void> {
  await waitFor(namespace, name, "condition=Ready", timeoutSeconds);
}

export async function waitFor(namespace: string, name: string, what: string, timeoutSeconds = 180): Promise<void> {
  const { kubectl } = cluster();
  const args = [
    "--namespace",
    namespace,
    "wait",
    `--for=${what}`,
    `taskassistant/${name}`,
    `--timeout=${timeoutSeconds}s`,
  ];
  const result = await kubectl.run(args, { timeoutMs: (timeoutSeconds + 10) * 1000 });
  if (result.code === 0) return;
  const story = await kubectl.run(["--namespace", namespace, "describe", `taskassistant/${name}`]);
  const pods = await kubectl.run(["--namespace", namespace, "get", "pods", "-o", "wide"]);
  throw new Error(`${name} never met ${what}\n${result.stderr}\n${story.stdout}\n${pods.stdout}`);
}

/** Keeps a port-forward to a Service of the cluster and returns its local port. */
export async function forward(
  namespace: string,
  target: string,
  remotePort: number,
  localPort?: number,
): Promise<number> {
  const port = localPort ?? (await freePorts(1))[0] ?? 0;
  const name = `forward-${namespace}-${target.replaceAll("/", "-")}-${port}`;
  await startForward(cluster(), { name, namespace, target, remotePort, localPort: port });
  return port;
}

/** Reads one field of the resource by JSONPath. */
export function field(namespace: string, name: string, path: string): Promise<string> {
  return cluster().kubectl("--namespace", namespace, "get", "taskassistant", name, "--output", `jsonpath=${path}`);
}

/** Asks again until the answer pleases, at most `seconds`; fails with the last answer. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T>,
  pleases: (answer: T) => boolean,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (pleases(answer)) return answer;
    if (Date.now() > end) throw new Error(`${what}: still ${JSON.stringify(answer)} after ${seconds} s`);
    await new Promise((done) => setTimeout(done, 500));
  }
}
