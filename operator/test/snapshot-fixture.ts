import type { TaskAssistant, TaskAssistantStatus } from "../src/api/taskassistants/v1alpha1/index.ts";
import { namesOf } from "../src/assistants/desired/index.ts";
import type { ReducedSecret } from "../src/assistants/observe/secret-fingerprints.ts";
import type { LiveVolume, Observed } from "../src/assistants/observe/snapshot.ts";
import { type Plan, plan } from "../src/assistants/plan/plan.ts";
import type { Child } from "../src/kinds/index.ts";
import type { LiveObject } from "../src/kube/index.ts";
import { assistant } from "./assistant-fixture.ts";

const config = { operatorNamespace: "taskassistant-system", releaseImages: {} };
const NOW = new Date("2026-01-01T00:10:00Z");

/** A world to plan in: starts empty, things are put into it. */
export function scene(spec?: object, status?: TaskAssistantStatus) {
  const base = assistant(spec);
  const resource: TaskAssistant = status === undefined ? base : { ...base, status };
  const live = new Map<string, LiveObject>();
  const secrets = new Map<string, ReducedSecret>();
  let volume: LiveVolume | undefined;
  const observed = (): Observed => ({
    assistant: resource,
    child: (kind, name) => (kind === "PersistentVolumeClaim" ? volume : live.get(`${kind}/${name}`)),
    owned: [...live.values()],
    secret: (name) => secrets.get(name),
    volume,
    pods: [],
    external: undefined,
    now: NOW,
  });
  const make = () => plan(observed(), config);
  return {
    observed,
    make,
    secret(name: string, ...keys: string[]) {
      secrets.set(name, {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name },
        fingerprints: Object.fromEntries(keys.map((key) => [key, `${name}-${key}`])),
      });
    },
    forget: (name: string) => void secrets.delete(name),
    volume: () => {
      volume = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "demo-db-data", uid: "v1" },
        spec: {},
      };
    },
    put: (child: Child, status: object = {}, change: object = {}) =>
      void live.set(`${child.kind}/${child.metadata.name}`, {
        ...structuredClone(child),
        ...change,
        status,
      } as unknown as LiveObject),
    applied: (made: Plan) => made.apply.map(({ child }) => `${child.kind}/${child.metadata.name}`),
  };
}

/** Puts all Secrets there that the operator makes. */
export function credentials(world: ReturnType<typeof scene>): void {
  const names = namesOf("demo");
  world.secret(names.databaseSecret, "admin-password", "auth-password", "app-password", "instance-id");
  world.secret(names.authSecret, "secret");
  world.secret(names.exchangeSecret, "client-secret");
}
