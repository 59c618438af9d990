import type { TaskAssistant, TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { type Identified, isNotFound, type KubeClient, refOf } from "../../kube/index.ts";
import type { Snapshot } from "../observe/snapshot.ts";
import type { Plan } from "../plan/plan.ts";

interface WriteDeps {
  readonly client: KubeClient;
  readonly signal: AbortSignal;
}

/** The status could not be written. Its cause is the server's refusal or the error of the connection. */
export class StatusNotWritten extends Error {
  override readonly name = "StatusNotWritten";
}

/** Writes a status as it is given; does nothing when the resource is gone. Throws `StatusNotWritten`. */
export async function writeStatus(
  { client, signal }: WriteDeps,
  assistant: Identified<TaskAssistant>,
  status: TaskAssistantStatus,
): Promise<void> {
  const { apiVersion, kind } = assistant;
  const metadata = { ...refOf(assistant), uid: assistant.metadata.uid };
  try {
    await client.applyStatus({ apiVersion, kind, metadata, status } as Parameters<KubeClient["applyStatus"]>[0], {
      signal,
      force: "always",
    });
  } catch (error) {
    signal.throwIfAborted();
    if (!isNotFound(error)) throw new StatusNotWritten("the status could not be written", { cause: error });
  }
}

/** Stores the replica count of a tier before the tier is scaled to 0: a crash in between would lose it. */
export async function saveSuspendedReplicas(deps: WriteDeps, { assistant }: Snapshot, plan: Plan): Promise<void> {
  const wanted = plan.suspendedReplicas;
  if (wanted === undefined) return;
  const saved: Readonly<Record<string, number>> = assistant.status?.suspendedReplicas ?? {};
  if (Object.entries(wanted).every(([tier, count]) => saved[tier] === count)) return;
  await writeStatus(deps, assistant, { ...assistant.status, suspendedReplicas: wanted });
}
