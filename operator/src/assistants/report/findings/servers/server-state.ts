import { type ReasonOf, TIERS } from "../../../../api/taskassistants/v1alpha1/index.ts";
import { difference } from "../../../../kinds/index.ts";
import { podTrouble } from "../../../../pods/index.ts";
import { restoringMessage, scaleUp } from "../../../../words/advice.ts";
import { namesOf, SERVERS, type Server } from "../../../desired/index.ts";
import { activeRestore } from "../../../observe/restoring.ts";
import { isComplete, type LiveDeployment, liveDeployment, type Snapshot } from "../../../observe/snapshot.ts";
import type { Plan } from "../../../plan/plan.ts";
import { waitsFor } from "../gate-words.ts";
import { podsOf } from "../pods/pods-of.ts";
import { deploymentPodsRefused } from "../pods/pods-refused.ts";

/** Why a server does not serve. */
export interface Obstacle {
  /** A reason that the conditions of all servers have. */
  readonly reason: Exclude<ReasonOf<"ApiAvailable">, "Available">;
  readonly message: string;
}

/** How far a server is. */
export interface ServerState {
  readonly readyReplicas: number;
  /** Undefined while it serves. */
  readonly obstacle: Obstacle | undefined;
  /** What is still going on though it may serve already; undefined when its pods are as they should be. */
  readonly rollout: string | undefined;
}

export type ServerStates = { readonly [S in Server]: ServerState };

/** The state of each server. It compares Deployments with the desired ones, so it is computed once per reconcile. */
export function serverStates(snapshot: Snapshot, plan: Plan): ServerStates {
  return Object.fromEntries(SERVERS.map((server) => [server, serverState(snapshot, plan, server)])) as ServerStates;
}

/** Whether probing makes sense: everything else that Ready needs of the tiers is there. */
export function allTiersServe(servers: ServerStates): boolean {
  return TIERS.every((tier) => servers[tier].obstacle === undefined);
}

function serverState(snapshot: Snapshot, plan: Plan, server: Server): ServerState {
  const live = liveDeployment(snapshot, namesOf(snapshot.assistant.metadata.name).component(server));
  const rollout = live === undefined ? undefined : rolloutOf(plan, server, live);
  return {
    readyReplicas: live?.status?.readyReplicas ?? 0,
    obstacle: obstacleOf(snapshot, plan, server, live, rollout),
    rollout,
  };
}

function obstacleOf(
  snapshot: Snapshot,
  plan: Plan,
  server: Server,
  live: LiveDeployment | undefined,
  rollout: string | undefined,
): Obstacle | undefined {
  const { metadata, spec } = snapshot.assistant;
  const name = namesOf(metadata.name).component(server);
  if (spec.suspend) return { reason: "Suspended", message: "Stopped because spec.suspend is true." };
  const restore = activeRestore(snapshot);
  if (restore !== undefined && isStoppedFor(server))
    return { reason: "Restoring", message: restoringMessage(restore.metadata) };
  if (live === undefined) {
    const gate = waitsFor(plan, "Deployment", name);
    const message = gate === undefined ? `${name} has not been created yet.` : `${name} is waiting for ${gate}.`;
    return { reason: "Waiting", message };
  }
  if (live.spec?.replicas === 0) {
    // After a restore it has no pods until the migration is done.
    const gate = waitsFor(plan, "Deployment", name);
    if (gate !== undefined) return { reason: "Waiting", message: `${name} is waiting for ${gate}.` };
    return { reason: "ScaledToZero", message: `${name} is scaled to 0. ${scaleUp(metadata.namespace, name)}` };
  }
  if (rollout === undefined) return undefined;
  const isServed = (live.status?.availableReplicas ?? 0) > 0;
  // Pods of the new release may fail while those of the old one serve. The upgrade tells, and rolls back.
  if (isServed && plan.upgrade?.isActive === true) return undefined;
  const trouble = deploymentPodsRefused(snapshot, live) ?? podTrouble(podsOf(snapshot, server), snapshot.now);
  if (trouble !== undefined) return trouble;
  // While pods are replaced or added, others serve, so users notice nothing.
  if (isServed) return undefined;
  return { reason: "RollingOut", message: progress(live) };
}

/** The built-in model knows nothing of the database. */
function isStoppedFor(server: Server): boolean {
  return TIERS.some((tier) => tier === server);
}

function rolloutOf(plan: Plan, server: Server, live: LiveDeployment): string | undefined {
  const { name } = live.metadata;
  // Frozen children are judged by what was wanted of them last.
  if (plan.frozen !== undefined) return isComplete(live) ? undefined : progress(live);
  const gate = waitsFor(plan, "Deployment", name);
  if (gate !== undefined) return `${name} keeps its current pods while it waits for ${gate}.`;
  const desired = plan.desired?.servers[server];
  const isCurrent = desired === undefined || difference(desired, live) === undefined;
  return isCurrent && isComplete(live) ? undefined : progress(live);
}

function progress({ metadata, spec, status }: LiveDeployment): string {
  const { readyReplicas = 0, updatedReplicas = 0 } = status ?? {};
  return `${metadata.name}: ${readyReplicas} of ${spec?.replicas ?? 1} pods ready, ${updatedReplicas} up to date.`;
}
