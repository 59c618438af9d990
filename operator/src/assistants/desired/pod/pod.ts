import type { PodSettings } from "../../../api/taskassistants/v1alpha1/index.ts";
import type { Container, PodTemplate, Probe, SecurityContext, Volume } from "../../../kube/objects.ts";
import type { Component } from "../components.ts";
import type { DesiredInput } from "../input.ts";
import { childLabels } from "../labels.ts";
import { namesOf } from "../names.ts";
import { withDataChecksum } from "./checksum.ts";
import { placement, SPREAD_OVER_NODES } from "./placement.ts";

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
  /** What the resource says about the pods of this component. */
  readonly settings: PodSettings | undefined;
  /** Whether pods of this component avoid each other's nodes unless the resource says otherwise. */
  readonly spread?: true;
}

/**
 * Pods as PodSecurity `restricted` requires them: no root, no capability, no writable root, no API token. Where the platform
 * assigns user and group ids, they name none.
 */
export function podTemplate(input: DesiredInput, options: PodOptions): PodTemplate {
  const { component, container, userId, settings } = options;
  const { pullPolicy, pullSecrets } = input.spec.images;
  const template: PodTemplate = {
    metadata: {
      labels: { ...settings?.podMetadata?.labels, ...childLabels(input.name, component) },
      ...(settings?.podMetadata?.annotations === undefined ? {} : { annotations: settings.podMetadata.annotations }),
    },
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
        ...(input.userIds === "Assigned" ? {} : { runAsUser: userId, runAsGroup: userId }),
        ...(input.userIds === "Assigned" || options.fsGroup === undefined ? {} : { fsGroup: options.fsGroup }),
        ...(options.fsGroup === undefined ? {} : { fsGroupChangePolicy: "OnRootMismatch" }),
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
      ...placement(input.name, component, settings?.scheduling, options.spread === true ? SPREAD_OVER_NODES : []),
    },
  };
  return withDataChecksum(template, input.fingerprint);
}

const CONTAINER_SECURITY: SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Startup, readiness and liveness of a service, asked on its health port. */
export function healthProbes(port: string): { startupProbe: Probe; readinessProbe: Probe; livenessProbe: Probe } {
  return {
    // Every second, so that a started pod is used at once; up to two minutes on a slow machine.
    startupProbe: { httpGet: { path: "/livez", port }, periodSeconds: 1, failureThreshold: 120, timeoutSeconds: 3 },
    readinessProbe: { httpGet: { path: "/readyz", port }, periodSeconds: 3, failureThreshold: 3, timeoutSeconds: 3 },
    livenessProbe: { httpGet: { path: "/livez", port }, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 5 },
  };
}
