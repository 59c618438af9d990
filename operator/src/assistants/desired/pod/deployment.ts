import type { Deployment } from "../../../kinds/index.ts";
import type { Container } from "../../../kube/objects.ts";
import type { Server } from "../components.ts";
import { type DesiredInput, ownedReplicas } from "../input.ts";
import { ownedMeta, selectorLabels } from "../labels.ts";
import { namesOf, PORTS } from "../names.ts";
import { literal } from "./env.ts";
import { healthProbes, type PodOptions, podTemplate } from "./pod.ts";
import { nodeOptions } from "./resources.ts";

/** Marks a Deployment whose replica count is ours, so that giving it up later can keep the current number. */
export const OWNS_REPLICAS = "taskassistant.dev/owns-replicas";

/** Label of a Deployment with the release that its pods are built from. */
export const VERSION_LABEL = "app.kubernetes.io/version";

/** Seconds for which a terminating pod keeps serving, while load balancers stop sending to it. */
const PRE_STOP_SECONDS = 5;

export interface ServerOptions {
  readonly component: Server;
  readonly image: string;
  readonly env: NonNullable<Container["env"]>;
  readonly resources: NonNullable<Container["resources"]>;
  readonly settings: PodOptions["settings"];
  readonly ports: Readonly<Record<string, number>>;
  /** Name of the port that answers /livez and /readyz. */
  readonly healthPort: string;
  /** Seconds the process gets to finish what it is doing (`SHUTDOWN_GRACE_SECONDS`). */
  readonly drainSeconds: number;
  readonly extra?: PodExtra;
}

/** Volumes besides the usual ones, with their mounts. */
export interface PodExtra extends Pick<PodOptions, "volumes"> {
  readonly volumeMounts?: NonNullable<Container["volumeMounts"]>;
}

/** Both at once. */
export function together(one: PodExtra, other: PodExtra): PodExtra {
  return {
    volumes: [...(one.volumes ?? []), ...(other.volumes ?? [])],
    volumeMounts: [...(one.volumeMounts ?? []), ...(other.volumeMounts ?? [])],
  };
}

/** One of our servers, whose pods are replaced without an interruption. */
export function deployment(input: DesiredInput, options: ServerOptions): Deployment {
  const { component } = options;
  const template = podTemplate(input, {
    component,
    userId: 65532,
    settings: options.settings,
    spread: true,
    graceSeconds: PRE_STOP_SECONDS + options.drainSeconds + 5,
    ...(options.extra?.volumes === undefined ? {} : { volumes: options.extra.volumes }),
    container: {
      image: options.image,
      env: [literal("NODE_OPTIONS", nodeOptions(options.resources)), ...options.env],
      resources: options.resources,
      ports: Object.entries(options.ports).map(([name, containerPort]) => ({ name, containerPort, protocol: "TCP" })),
      ...healthProbes(options.healthPort),
      lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
      ...(options.extra?.volumeMounts === undefined ? {} : { volumeMounts: options.extra.volumeMounts }),
    },
  });
  const replicas =
    component === "model"
      ? input.spec.suspend
        ? 0
        : 1
      : ownedReplicas(input.spec, component, input.spec.suspend || input.restoring);
  const owned = ownedMeta(input, namesOf(input.name).component(component), component);
  // Not on the pods, where it would replace them when nothing else changes.
  const meta = { ...owned, labels: { ...owned.labels, [VERSION_LABEL]: input.release(component).version } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: replicas === undefined ? meta : { ...meta, annotations: { [OWNS_REPLICAS]: "true" } },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector: { matchLabels: selectorLabels(input.name, component) },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      revisionHistoryLimit: 3,
      template,
    },
  };
}

/** Ports of a server with health on its own port. */
export function withHealth(ports: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return { ...ports, health: PORTS.health };
}
