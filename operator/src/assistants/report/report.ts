import type { TaskAssistant, TaskAssistantStatus } from "../../api/taskassistants/v1alpha1/index.ts";
import { isNotFound, type KubeClient, refOf } from "../../kube/index.ts";
import { type EventRecorder, type Key, keyId, type ReconcileContext, type Result } from "../../runtime/index.ts";
import type { ApplyProblem } from "../apply/apply.ts";
import type { Caches } from "../observe/caches.ts";
import { SCHEDULING_GRACE_MS } from "../observe/pods.ts";
import type { Probing } from "../observe/probe-schedule.ts";
import type { Observed } from "../observe/snapshot.ts";
import type { Plan } from "../plan/plan.ts";
import { conditions, type Finding } from "./conditions.ts";
import { transitionEvents } from "./events.ts";
import { assess, assessDeletion } from "./findings/assess.ts";
import type { StatusPacing } from "./pacing.ts";
import { nextStatus, sameStatus } from "./status.ts";

export interface ReportDeps {
  readonly caches: Caches;
  readonly probing: Probing;
  readonly pacing: StatusPacing;
  readonly events: Pick<EventRecorder, "record">;
  readonly config: { readonly operatorVersion: string };
  readonly now: () => Date;
}

/** How long a refused write waits when nothing else changes. */
const REFUSED_RETRY_MS = 30_000;

/** Tells in the status what was found after a plan was carried out; returns when to look again though nothing changes. */
export async function report(
  deps: ReportDeps,
  key: Key,
  observed: Observed,
  made: Plan,
  problems: readonly ApplyProblem[],
  { client, signal }: ReconcileContext,
): Promise<Result> {
  const fresh = lookAgain(deps, key, observed);
  if (fresh === undefined) return {};
  const isRunning = tiersRun(fresh, made);
  if (!isRunning) deps.probing.forget(key);
  const probe = isRunning ? deps.probing.look(key, fresh.assistant.metadata.uid ?? "") : undefined;
  const nextProbe = isRunning ? deps.probing.nextInMs(probe) : undefined;
  // Nothing is told until the first answer, or each start of the operator would take back what is true.
  if (isRunning && probe === undefined) return nextProbe === undefined ? {} : { requeueAfterMs: nextProbe };
  const findings = assess(fresh, made, problems, probe);
  const status = nextStatus(fresh, made, findings, deps.config.operatorVersion);
  const held = await tell(deps, key, fresh.assistant, status, findings, { client, signal });
  const waits = [
    held,
    made.requeueAfterMs,
    nextProbe,
    problems.length > 0 ? REFUSED_RETRY_MS : undefined,
    // What a pod suffers from is told after a while, and nothing else may happen until then.
    findings.some(({ type, status: found }) => type === "Reconciling" && found === "True")
      ? SCHEDULING_GRACE_MS + 1000
      : undefined,
  ];
  const next = Math.min(...waits.filter((wait) => wait !== undefined));
  return Number.isFinite(next) ? { requeueAfterMs: next } : {};
}

/**
 * What was just written may already be seen. The spec stays the one that was carried out: a newer one comes next, and must
 * not be called done before. Undefined when the resource is gone, though another of its name may be there.
 */
function lookAgain(deps: ReportDeps, key: Key, observed: Observed): Observed | undefined {
  const now = deps.caches.observe(key, observed.external, deps.now());
  if (now === undefined || now.assistant.metadata.uid !== observed.assistant.metadata.uid) return undefined;
  const { status: _, ...assistant } = observed.assistant;
  const { status } = now.assistant;
  return { ...now, assistant: status === undefined ? assistant : { ...assistant, status } };
}

/** Writes the status if it differs; returns after how many milliseconds to look again when that can wait. */
async function tell(
  deps: ReportDeps,
  key: Key,
  assistant: TaskAssistant,
  status: TaskAssistantStatus,
  findings: readonly Finding[],
  { client, signal }: Pick<ReconcileContext, "client" | "signal">,
): Promise<number | undefined> {
  const id = keyId(key);
  const isSame = sameStatus(assistant.status, status);
  const holdMs = isSame ? 0 : deps.pacing.holdMs(id, assistant.status, status);
  if (holdMs > 0) return holdMs;
  deps.pacing.settle(id);
  if (isSame) return undefined;
  await writeStatus(client, assistant, status, signal);
  announce(deps, assistant, findings);
  return undefined;
}

/** Whether a look at what people use makes sense: all that Ready needs besides it is there. */
function tiersRun(observed: Observed, made: Plan): boolean {
  if (observed.assistant.spec.suspend) return false;
  const findings = assess(observed, made, [], "disabled");
  return ["FrontendAvailable", "ApiAvailable", "McpVerified"].every((type) =>
    findings.some((found) => found.type === type && found.status === "True"),
  );
}

/** Tells what of a resource that is being deleted is still there. */
export async function reportDeletion(
  deps: ReportDeps,
  { assistant }: Observed,
  left: readonly string[],
  context: ReconcileContext,
): Promise<Result> {
  if (left.length === 0) return {};
  const findings = assessDeletion(left);
  const previous = assistant.status?.conditions;
  const generation = assistant.metadata.generation ?? 0;
  const kept = (previous ?? []).filter(({ type }) => !findings.some((found) => found.type === type));
  const status: TaskAssistantStatus = {
    ...assistant.status,
    conditions: [...conditions(findings, previous, generation, deps.now()), ...kept],
  };
  if (!sameStatus(assistant.status, status)) {
    await writeStatus(context.client, assistant, status, context.signal);
    announce(deps, assistant, findings);
  }
  return { requeueAfterMs: 5000 };
}

function announce(deps: ReportDeps, assistant: TaskAssistant, findings: readonly Finding[]): void {
  for (const event of transitionEvents(assistant, assistant.status?.conditions, findings)) deps.events.record(event);
}

/** Writes a status as it is given; nothing happens when the resource is gone. */
export async function writeStatus(
  client: KubeClient,
  assistant: TaskAssistant,
  status: TaskAssistantStatus,
  signal: AbortSignal,
): Promise<void> {
  const { apiVersion, kind } = assistant;
  const { uid } = assistant.metadata;
  const metadata = { ...refOf(assistant), ...(uid === undefined ? {} : { uid }) };
  try {
    await client.applyStatus({ apiVersion, kind, metadata, status } as Parameters<KubeClient["applyStatus"]>[0], {
      signal,
      force: "always",
    });
  } catch (error) {
    // Deleted meanwhile: there is nobody left to tell.
    if (!isNotFound(error)) throw error;
  }
}
