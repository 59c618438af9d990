import type { PodSettings } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { StatefulSet } from "../../../kinds/index.ts";
import type { DesiredInput } from "../input.ts";
import { ownedMeta, selectorLabels } from "../labels.ts";
import { namesOf, PORTS, SECRET_KEYS } from "../names.ts";
import { fromSecret, literal } from "../pod/env.ts";
import { podTemplate } from "../pod/pod.ts";
import { resources } from "../pod/resources.ts";
import { MANAGED_DATABASE } from "./url-authority.ts";

const POSTGRES_UID = 999;
const DEFAULT_RESOURCES = { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } };
const READY = { exec: { command: ["pg_isready", "-h", "127.0.0.1", "-p", String(PORTS.db), "-U", "postgres"] } };

/** Ports of the server's Service. */
export const DATABASE_PORTS = { postgres: PORTS.db };

/** PostgreSQL of mode Managed: one pod on a claim of its own. */
export function postgres(input: DesiredInput, settings: PodSettings | undefined): StatefulSet {
  const names = namesOf(input.name);
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: ownedMeta(input, names.component("db"), "db"),
    spec: {
      replicas: input.spec.suspend ? 0 : 1,
      serviceName: names.component("db"),
      // Ordered management can get stuck behind a broken pod, and there is only one pod to order.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorLabels(input.name, "db") },
      template: podTemplate(input, {
        component: "db",
        userId: POSTGRES_UID,
        fsGroup: POSTGRES_UID,
        settings,
        graceSeconds: 60,
        container: {
          image: input.release("db").images.postgres,
          env: [
            fromSecret("POSTGRES_PASSWORD", { name: names.databaseSecret, key: SECRET_KEYS.adminPassword }),
            literal("POSTGRES_DB", MANAGED_DATABASE),
            // A folder below the mount, because initdb needs an empty one and a new volume may contain lost+found.
            literal("PGDATA", "/var/lib/postgresql/data/pgdata"),
          ],
          resources: resources(DEFAULT_RESOURCES, settings?.resources),
          ports: [{ name: "postgres", containerPort: PORTS.db, protocol: "TCP" }],
          // Five minutes, because PostgreSQL replays its log after a crash before it accepts connections.
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
