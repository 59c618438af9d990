import type { Resource } from "../../kube/index.ts";
import type { WatchOptions, WatchStatus } from "../types.ts";
import type { ReflectorStatus } from "./reflector.ts";

/** Whether the API server serves a resource, and if it does not, why we think so. */
export type ServedState = { readonly served: true } | { readonly served: false; readonly problem: string | undefined };

/** The streams of a watch, each with its namespace ("" for all). */
export type StreamStatus = { readonly namespace: string; readonly status: ReflectorStatus };

/** Two bookmarks missed on top of the watch's own deadline. */
const STALE_MS = 180_000;

/** A label selector as the API takes it; "" selects everything. */
export function selectorOf(labels: WatchOptions<never>["labelSelector"] = {}): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}

/** `deployments.apps`, or the plural alone for the core group. */
export function resourceName({ plural, group }: Resource): string {
  return group === "" ? plural : `${plural}.${group}`;
}

/** How a watch does, for people. */
export function watchStatus(
  resource: Resource,
  labelSelector: string,
  objects: number,
  served: ServedState,
  streams: readonly StreamStatus[],
): WatchStatus {
  const following = streams.every(({ status }) => status.synced);
  return {
    resource: resourceName(resource),
    labelSelector,
    state: !served.served ? "notServed" : following ? "following" : "listing",
    objects,
    problem: served.served ? streams.find(({ status }) => status.problem)?.status.problem : served.problem,
  };
}

/** What keeps the streams of a watch from being of use. */
export function streamProblems(resource: Resource, streams: readonly StreamStatus[]): string[] {
  return streams.flatMap(({ namespace, status }) => {
    const what = `${resource.plural}${namespace === "" ? "" : ` in ${namespace}`}`;
    const why = status.problem === undefined ? "" : `: ${status.problem}`;
    if (!status.synced) return [`${what} not listed yet${why}`];
    return status.silentMs > STALE_MS ? [`${what} silent for ${Math.round(status.silentMs / 1000)} s${why}`] : [];
  });
}

/** Milliseconds since the most silent of the streams sent something; 0 before the first time. */
export function silentMs(streams: readonly StreamStatus[]): number {
  return Math.max(0, ...streams.map(({ status }) => status.silentMs).filter(Number.isFinite));
}
