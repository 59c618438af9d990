import { type ChildProcess, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { taskAssistantResource } from "../src/api/taskassistants/v1alpha1/index.ts";
import { CHILD_KINDS, childResources } from "../src/kinds/index.ts";
import { builtin } from "../src/kube/index.ts";
import { isWrite, operatorRequests } from "./audit.ts";
import {
  type AnyObject,
  createAssistant,
  eventually,
  OPERATOR_NAMESPACE,
  root,
  startWorld,
  type World,
  waitCondition,
} from "./cluster-harness.ts";
import { startStubKubelet } from "./stub-kubelet.ts";

/** One kill schedule each; another number replays another campaign. */
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

let world: World;
let kubelet: ReturnType<typeof startStubKubelet>;
let operator: ChildProcess | undefined;
let kills = 0;

beforeAll(async () => {
  world = await startWorld("operator-kill");
  kubelet = startStubKubelet(world.client);
  await promisify(execFile)(process.execPath, [
    join(root, "scripts/images/bundle.ts"),
    join(root, "operator/src/main.ts"),
    program(),
  ]);
});
afterAll(async () => {
  await kill();
  await kubelet?.stop();
  await world?.stop();
});

/** The bundle, as in the image: it starts faster than the sources, too. */
function program(): string {
  return join(world.cluster.dir, "operator.mjs");
}

/** The operator as it runs in its pod, in a process of its own. */
function start(): void {
  operator = spawn(process.execPath, [program()], {
    env: {
      ...process.env,
      KUBECONFIG: world.cluster.kubeconfig,
      POD_NAMESPACE: OPERATOR_NAMESPACE,
      WATCH_NAMESPACES: "*",
      LEADER_ELECTION: "Disabled",
      PROBES: "Disabled",
      HEALTH_PORT: "0",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log = join(world.cluster.dir, "operator.log");
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

/** Kills the operator and starts it again; one at a time, so that there is never a second one. */
function restart(): Promise<void> {
  restarting = restarting.then(async () => {
    await kill();
    kills += 1;
    start();
  });
  return restarting;
}

/** mulberry32: a small seeded generator, so that a failing schedule can be run again. */
function random(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Waits until the operator has written so many times more, as the audit log tells. */
async function untilWrites(count: number): Promise<void> {
  const written = () => operatorRequests(world).filter(isWrite).length;
  const wanted = written() + count;
  const end = Date.now() + 10_000;
  while (Date.now() < end && written() < wanted) await sleep(10);
}

async function written(namespace: string): Promise<string[]> {
  const lists = await Promise.all(
    [...childResources(), taskAssistantResource].map((resource) => world.list(resource, namespace)),
  );
  return lists.flat().map(({ kind, metadata }) => `${kind}/${metadata.name}/${metadata.resourceVersion}`);
}

/** Kills the operator a few times: after so many writes, or after so long. */
async function harass(next: () => number): Promise<void> {
  const rounds = 1 + Math.floor(next() * 3);
  for (let round = 0; round < rounds; round += 1) {
    if (next() < 0.5) await untilWrites(1 + Math.floor(next() * 12));
    else await sleep(200 + next() * 2500);
    await restart();
  }
}

/** Everything in the namespace, without what differs from run to run: ids, times, addresses, drawn values. */
async function finalState(namespace: string): Promise<AnyObject[]> {
  const lists = await Promise.all(
    [...childResources(), taskAssistantResource].map((resource) => world.list(resource, namespace)),
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
]);

function normal(object: AnyObject, namespace: string): AnyObject {
  const text = JSON.stringify(object, (key, value) => {
    if (VOLATILE.has(key)) return undefined;
    // Which keys a Secret has counts, their values are drawn.
    if (key === "data") return Object.keys(value).sort();
    return typeof value === "string"
      ? value
          .replaceAll(namespace, "NAMESPACE")
          .replace(/demo-migrate-[0-9a-f]{10}/g, "demo-migrate-HASH")
          // A 32-bit number in other letters: mostly ten of them, seldom seven.
          .replace(/\bdemo-(frontend|api|mcp|model)-[a-z0-9]{1,10}\b/g, "demo-$1-HASH")
      : value;
  });
  return JSON.parse(text);
}

function fingerprint(objects: readonly AnyObject[]): string {
  return createHash("sha256").update(JSON.stringify(objects)).digest("hex");
}

async function isReady(namespace: string): Promise<void> {
  await waitCondition(world, { namespace, name: "demo" }, "Ready", "True", undefined, 120_000);
  // Controllers write their last status a moment later, the operator within two seconds.
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
        [...childResources(), builtin.Pod, taskAssistantResource].map((resource) => world.list(resource, namespace)),
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
    await world.namespace("unharmed");
    await createAssistant(world, "unharmed", "demo", SPEC);
    await isReady("unharmed");
    reference = await finalState("unharmed");
    expect(reference).toHaveLength(28);
  });

  // Several at a time: each is hit by the others' kills as well.
  it.concurrent.each(SEEDS)(
    "while it creates and deletes comes to the same end (seed %i)",
    async (seed) => {
      const next = random(seed);
      const namespace = `kill-${seed}`;
      await world.namespace(namespace);
      await createAssistant(world, namespace, "demo", SPEC);
      await harass(next);
      await isReady(namespace);
      const secrets = (await world.list(CHILD_KINDS.Secret.resource, namespace)).map(({ metadata }) => metadata.uid);
      const state = await finalState(namespace);
      if (fingerprint(state) !== fingerprint(reference)) expect(state).toEqual(reference);

      await world.client.delete(taskAssistantResource, { namespace, name: "demo" }, { signal: world.signal });
      await harass(next);
      await isGone(namespace);
      expect(secrets).toHaveLength(3);
    },
    400_000,
  );

  it("was killed often enough to mean something", () => {
    expect(kills).toBeGreaterThanOrEqual(2 * SEEDS.length);
  });
});
