import type { TaskAssistantStatus } from "../src/api/taskassistants/v1alpha1/index.ts";
import { namesOf } from "../src/assistants/desired/index.ts";
import type { PodRefusal } from "../src/assistants/observe/pod-refusals.ts";
import type { ReducedSecret } from "../src/assistants/observe/secret-fingerprints.ts";
import { childId, type LiveVolume, type Snapshot } from "../src/assistants/observe/snapshot.ts";
import { type Plan, plan } from "../src/assistants/plan/plan.ts";
import { assess } from "../src/assistants/report/findings/assess.ts";
import { type Facts, factsOf } from "../src/assistants/report/findings/facts.ts";
import type { Child } from "../src/kinds/index.ts";
import type { LiveObject } from "../src/kube/index.ts";
import { assistant } from "./assistant-fixture.ts";

const CONFIG = { operatorNamespace: "taskassistant-system", releaseImages: {}, userIds: "Fixed" } as const;
const NOW = new Date("2026-01-01T00:10:00Z");
const DONE = { observedGeneration: 1, replicas: 1, readyReplicas: 1, updatedReplicas: 1, availableReplicas: 1 };

/** Builds snapshots of one resource and the objects around it. There are none at first; tests put them in. */
export function snapshotFixture(spec?: object, status?: TaskAssistantStatus) {
  const base = assistant(spec);
  const resource = status === undefined ? base : { ...base, status };
  const live = new Map<string, LiveObject>();
  const secrets = new Map<string, ReducedSecret>();
  const refusals = new Map<string, PodRefusal>();
  let volume: LiveVolume | undefined;

  function snapshot(): Snapshot {
    const { namespace, name } = resource.metadata;
    return {
      key: { namespace, name },
      assistant: resource,
      children: new Map(volume === undefined ? live : [...live, [childId(volume.kind, volume.metadata.name), volume]]),
      secrets: new Map(secrets),
      volume,
      pods: [],
      refusals: new Map(refusals),
      external: undefined,
      now: NOW,
    };
  }

  function putSecret(name: string, ...keys: string[]): void {
    secrets.set(name, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name },
      fingerprints: Object.fromEntries(keys.map((key) => [key, `${name}-${key}`])),
    });
  }

  function put(child: Child, childStatus: object = {}, change: object = {}): void {
    const object = { ...structuredClone(child), ...change, status: childStatus } as unknown as LiveObject;
    live.set(childId(child.kind, child.metadata.name), object);
  }

  function makePlan(): Plan {
    return plan(snapshot(), CONFIG);
  }

  return {
    snapshot,
    plan: makePlan,
    putSecret,
    put,
    putVolume(volumeSpec: NonNullable<LiveVolume["spec"]> = {}, metadata: object = {}): void {
      volume = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "demo-db-data", uid: "v1", ...metadata },
        spec: volumeSpec,
      };
    },
    /** The API server refuses the pods of a Job or StatefulSet. */
    refusePods(child: Child, note: string, at = NOW.toISOString()): void {
      const { kind, metadata } = child;
      const regarding = { kind, name: metadata.name, uid: "uid" };
      const event = { apiVersion: "events.k8s.io/v1", kind: "Event", metadata: { name: "e" }, regarding, note, at };
      refusals.set(childId(kind, metadata.name), event);
    },
    /** All Secrets that the operator generates. */
    putCredentials(): void {
      const names = namesOf("demo");
      putSecret(names.databaseSecret, "admin-password", "auth-password", "app-password", "instance-id");
      putSecret(names.authSecret, "secret");
      putSecret(names.exchangeSecret, "client-secret");
      putSecret(names.maintenanceSecret, "password");
    },
    /** The database with a ready pod, and the migration that succeeded. Needs credentials and volume. */
    putMigratedDatabase(): void {
      const { database, migration } = makePlan().desired!;
      put(database!, { readyReplicas: 1 });
      put(migration!, { conditions: [{ type: "Complete", status: "True" }] });
    },
    /** Every server with one pod; `serverStatus` is the status of its Deployment. */
    putServers(serverStatus: object = DONE): void {
      for (const server of Object.values(makePlan().desired!.servers)) {
        const { metadata, spec: serverSpec } = server;
        put(server, serverStatus, {
          spec: { ...serverSpec, replicas: 1 },
          metadata: { ...metadata, generation: 1 },
        });
      }
    },
    facts: (problems: Facts["problems"] = []): Facts => factsOf(snapshot(), makePlan(), problems),
    /** The finding of one condition. */
    finding(
      type: string,
      { problems = [], probe }: { problems?: Facts["problems"]; probe?: Parameters<typeof assess>[1] } = {},
    ) {
      return assess(factsOf(snapshot(), makePlan(), problems), probe).find((each) => each.type === type);
    },
  };
}

export type SnapshotFixture = ReturnType<typeof snapshotFixture>;

/** What a plan applies, as `Kind/name`. */
export function appliedBy(made: Plan): string[] {
  return made.apply.map(({ child }) => childId(child.kind, child.metadata.name));
}
