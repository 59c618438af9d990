import { difference, withDesiredHash } from "../../../kinds/difference.ts";
import type { Deployment } from "../../../kinds/index.ts";
import { type Component, componentOf, namesOf, type Server } from "../../desired/index.ts";
import { type PodSummary, podTrouble } from "../../observe/pods.ts";
import { type LiveDeployment, liveDeployment, type Observed } from "../../observe/snapshot.ts";
import type { Plan } from "../../plan/plan.ts";
import { type Finding, finding } from "../conditions.ts";

type ServerCondition = "FrontendAvailable" | "ApiAvailable" | "ModelReachable";

/** Whether a server runs as wanted; undefined when it does. */
export function serverObstacle(
  observed: Observed,
  plan: Plan,
  component: Server,
):
  | (Omit<Finding, "type" | "status"> & {
      readonly reason:
        | "Suspended"
        | "ScaledToZero"
        | "Waiting"
        | "RollingOut"
        | "Unschedulable"
        | "ImagePullFailed"
        | "ContainerConfigError"
        | "CrashLooping";
    })
  | undefined {
  const { metadata, spec } = observed.assistant;
  const name = namesOf(metadata.name).component(component);
  const live = liveDeployment(observed, name);
  const of = <R extends string>(reason: R, message: string) => ({ reason, message, needsUser: false });
  if (spec.suspend) return of("Suspended", "Stopped, because spec.suspend is true.");
  const waitsFor = plan.waiting.get(name);
  if (live === undefined) return of("Waiting", `${name} waits for ${waitsFor ?? "its turn"}.`);
  const wanted = live.spec?.replicas ?? 1;
  if (wanted === 0) {
    return of(
      "ScaledToZero",
      `${name} is scaled to 0. Next: kubectl -n ${metadata.namespace} scale deployment ${name} --replicas 1`,
    );
  }
  if (rollout(observed, plan, component) === undefined) return undefined;
  const trouble = podTrouble(podsOf(observed, component), observed.now);
  if (trouble !== undefined) return of(trouble.reason, trouble.message);
  // Pods are being replaced or added, and meanwhile others serve: nobody notices.
  if ((live.status?.availableReplicas ?? 0) > 0) return undefined;
  return of("RollingOut", progress(live));
}

/** What is still going on with a server, though it may serve; undefined when its pods are as they should be. */
export function rollout(observed: Observed, plan: Plan, component: Server): string | undefined {
  const name = namesOf(observed.assistant.metadata.name).component(component);
  const live = liveDeployment(observed, name);
  if (live === undefined) return undefined;
  const waitsFor = plan.waiting.get(name);
  if (waitsFor !== undefined) return `${name} keeps its pods as they are and waits for ${waitsFor}.`;
  const current = isComplete(live) && isCurrent(plan.desired?.servers[component], live);
  return current ? undefined : progress(live);
}

function progress(live: LiveDeployment): string {
  const { readyReplicas = 0, updatedReplicas = 0 } = live.status ?? {};
  return `${live.metadata.name}: ${readyReplicas} of ${live.spec?.replicas ?? 1} pods are ready, ${updatedReplicas} of the newest template.`;
}

/** The condition of a server that needs no more than its pods. */
export function serverFinding(
  observed: Observed,
  plan: Plan,
  type: ServerCondition,
  component: Exclude<Server, "mcp">,
): Finding {
  const obstacle = serverObstacle(observed, plan, component);
  if (obstacle !== undefined) return finding(type, obstacle.reason, obstacle.message);
  const { readyReplicas = 0 } =
    liveDeployment(observed, namesOf(observed.assistant.metadata.name).component(component))?.status ?? {};
  return finding(type, "Available", `${readyReplicas} ${readyReplicas === 1 ? "pod is" : "pods are"} ready.`);
}

/** Pods of a component. */
export function podsOf(observed: Observed, component: Component): PodSummary[] {
  return observed.pods.filter((pod) => componentOf(pod) === component);
}

/** The Deployment controller has seen the spec, and every pod wanted is of the newest template and ready. */
function isComplete(live: LiveDeployment): boolean {
  const wanted = live.spec?.replicas ?? 1;
  const {
    observedGeneration = 0,
    replicas = 0,
    readyReplicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
  } = live.status ?? {};
  return (
    observedGeneration >= (live.metadata.generation ?? 0) &&
    updatedReplicas >= wanted &&
    readyReplicas >= wanted &&
    availableReplicas >= wanted &&
    replicas === updatedReplicas
  );
}

function isCurrent(desired: Deployment | undefined, live: LiveDeployment): boolean {
  return desired === undefined || difference(withDesiredHash(desired), live) === undefined;
}
