import type { Container, PodTemplate, Probe, SecurityContext, Volume } from "../../../kube/objects.ts";
import type { Component } from "../components.ts";
import type { DesiredInput } from "../input.ts";
import { childLabels, selectorLabels } from "../labels.ts";
import { namesOf } from "../names.ts";
import { withSecretsChecksum } from "./checksum.ts";

export interface PodOptions {
  readonly component: Component;
  readonly container: Omit<Container, "name" | "imagePullPolicy" | "securityContext">;
  readonly userId: number;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  readonly volumes?: readonly Volume[];
  readonly restartPolicy?: "Always" | "Never";
  /** The group that may write to the volumes. */
  readonly fsGroup?: number;
}

/** Pods as PodSecurity `restricted` requires them: no root, no capability, no writable root, no API token. */
export function podTemplate(input: DesiredInput, options: PodOptions): PodTemplate {
  const { component, container, userId } = options;
  const { pullPolicy, pullSecrets } = input.spec.images;
  const template: PodTemplate = {
    metadata: { labels: childLabels(input.name, component) },
    spec: {
      serviceAccountName: namesOf(input.name).component(component),
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: options.graceSeconds,
      restartPolicy: options.restartPolicy ?? "Always",
      ...(pullSecrets === undefined || pullSecrets.length === 0
        ? {}
        : { imagePullSecrets: pullSecrets.map(({ name }) => ({ name })) }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: userId,
        runAsGroup: userId,
        ...(options.fsGroup === undefined ? {} : { fsGroup: options.fsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          ...container,
          name: component,
          imagePullPolicy: pullPolicy,
          // When a process dies without a termination message, the condition shows the last lines of its log.
          terminationMessagePolicy: "FallbackToLogsOnError",
          securityContext: CONTAINER_SECURITY,
          volumeMounts: [...(container.volumeMounts ?? []), { name: "tmp", mountPath: "/tmp" }],
        },
      ],
      volumes: [...(options.volumes ?? []), { name: "tmp", emptyDir: {} }],
    },
  };
  return withSecretsChecksum(template, input.fingerprint);
}

const CONTAINER_SECURITY: SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Prefers different nodes for the pods of one component, without requiring them. */
export function spread(assistant: string, component: Component) {
  return {
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorLabels(assistant, component) },
      },
    ],
  };
}

/** Startup, readiness and liveness of a service, asked on its health port. */
export function healthProbes(port: string): { startupProbe: Probe; readinessProbe: Probe; livenessProbe: Probe } {
  return {
    // Every second, so that a started pod is used at once; up to two minutes on a slow machine.
    startupProbe: { httpGet: { path: "/livez", port }, periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 },
    readinessProbe: { httpGet: { path: "/readyz", port }, periodSeconds: 3, failureThreshold: 3, timeoutSeconds: 3 },
    livenessProbe: { httpGet: { path: "/livez", port }, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  };
}
