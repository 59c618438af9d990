import type { PersistentVolumeClaim, StatefulSet } from "../../../kube/objects.ts";
import type { DesiredInput } from "../input.ts";
import { keptMeta, ownedMeta, selectorLabels } from "../labels.ts";
import { namesOf, PORTS, SECRET_KEYS } from "../names.ts";
import { fromSecret, literal } from "../pod/env.ts";
import { podTemplate } from "../pod/pod.ts";
import { canonicalQuantity, quantityValue } from "../pod/quantity.ts";
import { resources } from "../pod/resources.ts";
import { MANAGED_DATABASE } from "./access.ts";

const POSTGRES_UID = 999;
const DEFAULT_RESOURCES = { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "1Gi" } };
const DEFAULT_SIZE = "5Gi";
const READY = { exec: { command: ["pg_isready", "-h", "127.0.0.1", "-p", String(PORTS.db), "-U", "postgres"] } };

export const DATABASE_PORTS = { postgres: PORTS.db };

/** PostgreSQL of mode Managed: one pod on a claim of its own. */
export function database(input: DesiredInput): StatefulSet {
  const names = namesOf(input.name);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: ownedMeta(input, names.component("db"), "db"),
    spec: {
      replicas: input.spec.suspend ? 0 : 1,
      serviceName: names.component("db"),
      // Ordered management can get stuck behind a pod of a broken template; there is only one pod to order.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorLabels(input.name, "db") },
      template: podTemplate(input, {
        component: "db",
        userId: POSTGRES_UID,
        fsGroup: POSTGRES_UID,
        graceSeconds: 60,
        container: {
          image: input.images.postgres,
          env: [
            fromSecret("POSTGRES_PASSWORD", { name: names.databaseSecret, key: SECRET_KEYS.adminPassword }),
            literal("POSTGRES_DB", MANAGED_DATABASE),
            // A folder below the mount: the root of a fresh volume may hold lost+found, and initdb wants an empty one.
            literal("PGDATA", "/var/lib/postgresql/data/pgdata"),
          ],
          resources: resources(DEFAULT_RESOURCES, input.spec.database.managed?.resources),
          ports: [{ name: "postgres", containerPort: PORTS.db, protocol: "TCP" }],
          // Five minutes: recovery after a crash replays the log before it accepts connections.
          startupProbe: { ...READY, periodSeconds: 1, failureThreshold: 300, timeoutSeconds: 5 },
          readinessProbe: { ...READY, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
          livenessProbe: { tcpSocket: { port: "postgres" }, periodSeconds: 20, failureThreshold: 6, timeoutSeconds: 5 },
          volumeMounts: [
            { name: "data", mountPath: "/var/lib/postgresql/data" },
            { name: "run", mountPath: "/var/run/postgresql" },
          ],
        },
        volumes: [
          { name: "data", persistentVolumeClaim: { claimName: names.volumeClaim } },
          { name: "run", emptyDir: {} },
        ],
      }),
    },
  };
}

/**
 * The data volume: an object of its own, so that it can grow and outlive the StatefulSet and the assistant. What an
 * existing claim already is stays: a claim can't shrink or change its class, and it may be one that was retained.
 */
export function dataVolume(input: DesiredInput): PersistentVolumeClaim {
  const storage = input.spec.database.managed?.storage;
  const wanted = canonicalQuantity(storage?.size ?? DEFAULT_SIZE);
  const { volume } = input;
  const keep = volume !== undefined && quantityValue(volume.size) > quantityValue(wanted);
  const storageClassName = volume === undefined ? storage?.storageClassName : volume.storageClassName;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: keptMeta(input, namesOf(input.name).volumeClaim, "db"),
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: keep ? volume.size : wanted } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
    },
  };
}
