import type { TaskAssistant } from "../api/taskassistants/v1alpha1/index.ts";
import type { Identified, KubeClient } from "../kube/index.ts";
import type { PodSummary } from "../pods/index.ts";
import type { ObjectName } from "../runtime/index.ts";
import { componentOf, type DatabaseEndpoint, type DesiredInput, databaseMode } from "./desired/index.ts";
import { type ObserveDeps, observe } from "./observe/observe.ts";
import { activeRestore } from "./observe/restoring.ts";
import { liveDatabase } from "./observe/snapshot.ts";
import { freezeOf } from "./plan/freeze.ts";
import { inputOf, type PlanConfig } from "./plan/plan.ts";
import { isActive } from "./upgrade/index.ts";

/** What other controllers may know of an assistant whose database they work on. */
export interface AssistantView {
  readonly assistant: Identified<TaskAssistant>;
  /** What its pods are built from; undefined while its release is unknown. */
  readonly input: DesiredInput | undefined;
  /** Where its database answers; undefined while that is unknown. */
  readonly endpoint: DatabaseEndpoint | undefined;
  /** Why nothing can work on the database now; undefined when something can. */
  readonly databaseObstacle: "suspended" | "not ready" | undefined;
  /** The pods that use the database and have not ended, but those of backups. */
  readonly databaseUsers: readonly PodSummary[];
  /** A person keeps the operator from changing its children. */
  readonly frozen: boolean;
  /** Name of the restore for which its services are stopped. */
  readonly restoring: string | undefined;
  /** The release that an upgrade, or the way back from it, is at work on. */
  readonly upgrading: string | undefined;
}

/** Looks at an assistant; undefined when there is none. */
export type AssistantViews = (
  name: ObjectName,
  context: { readonly client: KubeClient; readonly signal: AbortSignal },
) => Promise<AssistantView | undefined>;

const USERS: ReadonlySet<string | undefined> = new Set(["frontend", "api", "mcp", "migrate", "maintenance", "people"]);

/** Every look is at what the caches hold now. */
export function createAssistantViews(deps: ObserveDeps & { readonly config: PlanConfig }): AssistantViews {
  return async (name, context) => {
    const snapshot = await observe(deps, name, context);
    if (snapshot === undefined) return undefined;
    const { assistant } = snapshot;
    const mode = databaseMode(assistant.spec);
    const input = inputOf(snapshot, deps.config);
    const isUp = mode.blocker(snapshot) === undefined && mode.acceptsConnections(liveDatabase(snapshot));
    return {
      assistant,
      input,
      endpoint: input === undefined ? undefined : mode.endpoint(input),
      databaseObstacle: mode.runsPods && assistant.spec.suspend ? "suspended" : isUp ? undefined : "not ready",
      databaseUsers: snapshot.pods.filter(
        (pod) => USERS.has(componentOf(pod)) && pod.status.phase !== "Succeeded" && pod.status.phase !== "Failed",
      ),
      frozen: freezeOf(assistant) !== undefined,
      restoring: activeRestore(snapshot)?.metadata.name,
      upgrading: isActive(assistant.status?.upgrade) ? assistant.status?.upgrade?.to : undefined,
    };
  };
}
