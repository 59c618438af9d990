import { eventually } from "./assistants.ts";
import { find, type Live, list } from "./objects.ts";

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
  observedGeneration: number;
}

/** What to wait for; any reason when none is given. */
type Wanted = { status: "True" | "False" | "Unknown"; reason?: string };

/**
 * Waits until a condition speaks of the current spec and is as wanted. Returns its message.
 * @throws with all conditions as they are
 */
export async function waitCondition(
  namespace: string,
  name: string,
  type: string,
  { status, reason }: Wanted,
  seconds = 240,
): Promise<string> {
  let found: Condition | undefined;
  const ask = async () => {
    const live = await find("taskassistants", namespace, name);
    const all: Condition[] = live?.status?.conditions ?? [];
    found = all.find((each) => each.type === type);
    const isCurrent = found?.observedGeneration === live?.metadata.generation;
    const isMet = isCurrent && found?.status === status && (reason === undefined || found.reason === reason);
    return isMet ? "met" : all.map((each) => `${each.type}=${each.status}/${each.reason}: ${each.message}`);
  };
  await eventually(`${name}: ${type}=${status}/${reason ?? "any"}`, ask, (answer) => answer === "met", seconds);
  return found?.message ?? "";
}

/** Waits until the assistant is Ready with its current spec, and every workload has only pods of its newest template. */
export async function settled(namespace: string, name: string, seconds = 300): Promise<void> {
  await waitCondition(namespace, name, "Ready", { status: "True" }, seconds);
  const rolling = async () => {
    const deployments = await list("deployments", namespace, name);
    return deployments.filter((each) => !isRolledOut(each)).map(({ metadata }) => metadata.name);
  };
  await eventually(`${name}: rolled out`, rolling, (names) => names.length === 0, seconds);
  await waitCondition(namespace, name, "Reconciling", { status: "False" }, seconds);
  await waitCondition(namespace, name, "Ready", { status: "True" }, seconds);
}

function isRolledOut({ metadata, spec, status }: Live): boolean {
  const { observedGeneration, replicas = 0, updatedReplicas = 0, readyReplicas = 0 } = status;
  const counts = [replicas, updatedReplicas, readyReplicas];
  return observedGeneration === metadata.generation && counts.every((count) => count === spec.replicas);
}
