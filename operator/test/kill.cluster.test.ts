import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { endWithOwner } from "@taskassistant/kit/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import { builtin } from "../src/kube/index.ts";
import { isWrite, operatorRequests } from "./harness/audit.ts";
import {
  type AnyObject,
  type ClusterHarness,
  createAssistant,
  eventually,
  OPERATOR_NAMESPACE,
  root,
  startClusterHarness,
  waitCondition,
} from "./harness/cluster-harness.ts";
import { startStubKubelet } from "./harness/stub-kubelet.ts";

/** Each seed determines one schedule of kills; `SEED` is the first. */
const SEEDS = Array.from({ length: 20 }, (_, index) => Number(process.env.SEED ?? 1) + index);

let harness: ClusterHarness;
let kubelet: ReturnType<typeof startStubKubelet>;
let operator: ChildProcess | undefined;
let kills = 0;

beforeAll(async () => {
  harness = await startClusterHarness("operator-kill");
  kubelet = startStubKubelet(harness.client);
  await promisify(execFile)(process.execPath, [
    join(root, "scripts/images/bundle.ts"),
    join(root, "operator/src/main.ts"),
    program(),
  ]);
});
afterAll(async () => {
  await kill();
  await kubelet?.stop();
  await harness?.stop();
});

/** The bundle, as in the image. It also starts faster than the sources. */
function program(): string {
  return join(harness.cluster.dir, "operator.mjs");
}

/** Starts the operator in a process of its own, as in its pod. */
function start(): void {
  operator = endWithOwner(
    spawn(process.execPath, [program()], {
      env: {
        ...process.env,
        KUBECONFIG: harness.cluster.kubeconfig,
        POD_NAMESPACE: OPERATOR_NAMESPACE,
        WATCH_NAMESPACES: "*",
        LEADER_ELECTION: "Disabled",
        PROBES: "Disabled",
        HEALTH_PORT: "0",
      },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
  const log = join(harness.cluster.dir, "operator.log");
  for (const stream of [operator.stdout, operator.stderr])
    stream?.on("data", (chunk: Buffer) => appendFileSync(log, chunk));
}

async function kill(): Promise<void> {
  const child = operator;
  operator = undefined;
  if (child === undefined || child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

let restarting = Promise.resolve();

/** Kills the operator and starts it again. Calls wait for each other, so that there is never a second operator. */
function restart(): Promise<void> {
  restarting = restarting.then(async () => {
    await kill();
    kills += 1;
    start();
  });
  return restarting;
}

/** mulberry32, a small generator with a seed, so that a failing schedule can be repeated. */
function random(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Waits until the audit log has `count` more writes of the operator. */
async function untilWrites(count: number): Promise<void> {
  const written = () => operatorRequests(harness).filter(isWrite).length;
  const wanted = written() + count;
  const end = Date.now() + 10_000;
  while (Date.now() < end && written() < wanted) await sleep(10);
}

async function written(namespace: string): Promise<string[]> {
  const lists = await Promise.all(
    [...childResources(), taskAssistantResource].map((resource) => harness.list(resource, namespace)),
  );
  return lists.flat().map(({ kind, metadata }) => `${kind}/${metadata.name}/${metadata.resourceVersion}`);
}

/** Kills the operator a few times, each after a number of writes or after a while. */
async function killSometimes(next: () => number): Promise<void> {
  const rounds = 1 + Math.floor(next() * 3);
  for (let round = 0; round < rounds; round += 1) {
    if (next() < 0.5) await untilWrites(1 + Math.floor(next() * 12));
    else await sleep(200 + next() * 2500);
    await restart();
  }
}

/** Everything in the namespace except what differs from run to run, such as ids, times, addresses and random values. */
async function finalState(namespace: string): Promise<AnyObject[]> {
  const lists = await Promise.all(
    [...childResources(), taskAssistantResource].map((resource) => harness.list(resource, namespace)),
  );
  return lists
    .flat()
    .filter(({ kind, metadata }) => !(kind === "ServiceAccount" && metadata.name === "default"))
    .map((object) => normal(object, namespace))
    .sort((a, b) => `${a.kind}/${a.metadata.name}`.localeCompare(`${b.kind}/${b.metadata.name}`));
}

const VOLATILE = new Set([
  "uid",
  "resourceVersion",
  "creationTimestamp",
  "managedFields",
  "namespace",
  "clusterIP",
  "clusterIPs",
  "lastTransitionTime",
  "lastUpdateTime",
  "lastProbeTime",
  "startTime",
  "completionTime",
  "volume",
  "taskassistant.dev/desired-hash",
  "taskassistant.dev/secrets-checksum",
  "controller-uid",
  "batch.kubernetes.io/controller-uid",
  "currentRevision",
  "updateRevision",
  // The hour at night follows from the assistant, so that not all of them clean up at once.
  "schedule",
]);

function normal(object: AnyObject, namespace: string): AnyObject {
  const text = JSON.stringify(object, (key, value) => {
    if (VOLATILE.has(key)) return undefined;
    // The keys of a Secret are compared, but not its random values.
    if (key === "data") return Object.keys(value).sort();
    return typeof value === "string"
      ? value
          .replaceAll(namespace, "NAMESPACE")
          .replace(/demo-migrate-[0-9a-f]{10}/g, "demo-migrate-HASH")
          // A 32-bit number in an alphabet of its own, of up to ten characters.
          .replace(/\bdemo-(frontend|api|mcp|model)-[a-z0-9]{1,10}\b/g, "demo-$1-HASH")
      : value;
  });
  return JSON.parse(text);
}

function fingerprint(objects: readonly AnyObject[]): string {
  return createHash("sha256").update(JSON.stringify(objects)).digest("hex");
}

async function isReady(namespace: string): Promise<void> {
  await waitCondition(harness, { namespace, name: "demo" }, "Ready", "True", undefined, 120_000);
  // Controllers write their last status a moment later, and the operator within two seconds.
  let last = "";
  await eventually("settled", async () => {
    const now = (await written(namespace)).join();
    const same = now === last;
    last = now;
    if (!same) await sleep(2500);
    return same;
  });
}

async function isGone(namespace: string): Promise<void> {
  await eventually(
    "nothing left",
    async () => {
      const lists = await Promise.all(
        [...childResources(), builtin.Pod, taskAssistantResource].map((resource) => harness.list(resource, namespace)),
      );
      return lists.flat().filter(({ metadata }) => metadata.name !== "default").length === 0;
    },
    120_000,
  );
}

const SPEC = { model: { provider: "Demo" }, deletion: { policy: "Delete" } };

describe("an operator that is killed at random moments", () => {
  let reference: AnyObject[];

  beforeAll(async () => {
    start();
    await harness.namespace("undisturbed");
    await createAssistant(harness, "undisturbed", "demo", SPEC);
    await isReady("undisturbed");
    reference = await finalState("undisturbed");
    const kinds = new Set(reference.map(({ kind }) => kind));
    for (const kind of ["Secret", "StatefulSet", "Deployment", "Service", "NetworkPolicy", "TaskAssistant"]) {
      expect(kinds).toContain(kind);
    }
  });

  // Seeds run concurrently, so that each assistant is exposed to the kills of other seeds as well.
  it.concurrent.each(SEEDS)(
    "reaches the same state as one that is never killed, while it creates and deletes (seed %i)",
    async (seed) => {
      const next = random(seed);
      const namespace = `kill-${seed}`;
      await harness.namespace(namespace);
      await createAssistant(harness, namespace, "demo", SPEC);
      await killSometimes(next);
      await isReady(namespace);
      const secrets = (await harness.list(CHILD_KINDS.Secret.resource, namespace)).map(({ metadata }) => metadata.uid);
      const state = await finalState(namespace);
      if (fingerprint(state) !== fingerprint(reference)) expect(state).toEqual(reference);

      await harness.client.delete(taskAssistantResource, { namespace, name: "demo" }, { signal: harness.signal });
      await killSometimes(next);
      await isGone(namespace);
      expect(secrets).toHaveLength(4);
    },
    400_000,
  );

  it("was killed at least twice for each seed", () => {
    expect(kills).toBeGreaterThanOrEqual(2 * SEEDS.length);
  });
});
