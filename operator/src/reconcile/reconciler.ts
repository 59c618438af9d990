import { randomBytes } from "node:crypto";
import type { TaskAssistant, TaskAssistantStatus } from "../api/v1alpha1/index.ts";
import { secretObject } from "../desired/index.ts";
import { isAlreadyExists, isNotFound, type KubeClient } from "../kube/index.ts";
import type { EventRecorder, Key, Reconcile, ReconcileContext, Result } from "../runtime/index.ts";
import { type ApplyProblem, applyAll, refOf, removeAll } from "./applier.ts";
import { assess, assessDeletion } from "./assess.ts";
import type { Caches } from "./caches.ts";
import { conditions, type Finding } from "./conditions.ts";
import type { ConflictLog } from "./conflict-log.ts";
import type { ExternalLookup } from "./external-lookup.ts";
import { ensureFinalizer, finalize } from "./finalizer.ts";
import type { Observed } from "./observed.ts";
import { type Plan, type PlanConfig, plan } from "./plan.ts";
import { SCHEDULING_GRACE_MS } from "./pods.ts";
import type { Probing } from "./probing.ts";
import { nextStatus, sameStatus } from "./status.ts";
import { transitionEvents } from "./transitions.ts";

export interface ReconcilerDeps {
  readonly caches: Caches;
  readonly external: ExternalLookup;
  readonly probing: Probing;
  readonly conflicts: ConflictLog;
  readonly events: Pick<EventRecorder, "record">;
  readonly config: PlanConfig & { readonly operatorVersion: string };
  readonly now: () => Date;
}

/** How long a refused write waits when nothing else changes. */
const REFUSED_RETRY_MS = 30_000;

/**
 * Brings one TaskAssistant to its desired state: observe, plan, apply, status. Every step can be the last one before a
 * crash: what was decided lies in the cluster (object names, Secrets, status), and the next run finds it there.
 */
export function createReconciler(deps: ReconcilerDeps): Reconcile {
  return async (key, context) => {
    const observed = await observe(deps, key, context);
    if (observed === undefined) return {};
    if (observed.assistant.metadata.deletionTimestamp !== undefined) return end(deps, observed, context);
    if (await ensureFinalizer(context, observed)) return {};

    const made = plan(observed, deps.config);
    await saveCounts(observed, made, context);
    const problems = await carryOut(deps, observed, made, context);
    return report(deps, observed, made, problems, context);
  };
}

async function observe(
  deps: ReconcilerDeps,
  key: Key,
  { client, signal }: ReconcileContext,
): Promise<Observed | undefined> {
  const assistant = deps.caches.assistants.get(key);
  if (assistant === undefined) return undefined;
  const external = await deps.external(assistant, client, signal);
  return deps.caches.observe(key, external, deps.now());
}

/** Secrets first: everything else refers to them. */
async function carryOut(
  deps: ReconcilerDeps,
  observed: Observed,
  made: Plan,
  context: ReconcileContext,
): Promise<ApplyProblem[]> {
  const { client, signal, log } = context;
  const { name, namespace = "", uid = "" } = observed.assistant.metadata;
  for (const secret of made.createSecrets) {
    try {
      await client.create(secretObject({ name, namespace, uid }, secret, draw), { signal });
    } catch (error) {
      // It is there already: what it holds is what counts.
      if (!isAlreadyExists(error)) throw error;
    }
  }
  const problems = await applyAll({ client, signal, conflicts: deps.conflicts, log }, observed, made.apply);
  await removeAll({ client, signal }, made.remove);
  return problems;
}

/** Letters and digits only: a password stands in URLs and environment variables without escaping. */
function draw(kind: "password" | "instanceId"): string {
  if (kind === "instanceId") return randomBytes(4).toString("hex");
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  let text = "";
  while (text.length < 40) {
    for (const byte of randomBytes(64)) {
      // 248 = 4 x 62: larger bytes would make some letters likelier.
      if (byte < 248 && text.length < 40) text += alphabet[byte % 62];
    }
  }
  return text;
}

/** Before a tier is scaled to 0, its count must be on record: a crash in between would lose it. */
async function saveCounts(observed: Observed, made: Plan, context: ReconcileContext): Promise<void> {
  const { assistant } = observed;
  const wanted = made.suspendedReplicas;
  const saved = assistant.status?.suspendedReplicas;
  const isNew = Object.entries(wanted ?? {}).some(([tier, count]) => saved?.[tier as keyof typeof saved] !== count);
  if (!assistant.spec.suspend || !isNew || wanted === undefined) return;
  await writeStatus(context.client, assistant, { ...assistant.status, suspendedReplicas: wanted }, context.signal);
}

async function report(
  deps: ReconcilerDeps,
  observed: Observed,
  made: Plan,
  problems: readonly ApplyProblem[],
  context: ReconcileContext,
): Promise<Result> {
  const { client, signal } = context;
  const { assistant } = observed;
  // Looked at again: what was just written may already be seen.
  const fresh = deps.caches.observe(keyOfAssistant(assistant), observed.external, deps.now()) ?? observed;
  const { name, namespace = "", uid = "" } = assistant.metadata;
  const probe = tiersRun(fresh, made) ? await deps.probing.look(uid, { name, namespace }, signal) : undefined;
  if (probe === undefined) deps.probing.forget(uid);
  const findings = assess(fresh, made, problems, probe);
  const status = nextStatus(fresh, made, findings, deps.config.operatorVersion);
  if (!sameStatus(fresh.assistant.status, status)) {
    await writeStatus(client, assistant, status, signal);
    announce(deps, fresh.assistant, findings);
  }
  const waits = [
    made.requeueAfterMs,
    deps.probing.nextInMs(probe),
    problems.length > 0 ? REFUSED_RETRY_MS : undefined,
    // What a pod suffers from is told after a while, and nothing else may happen until then.
    findings.some(({ type, status: found }) => type === "Reconciling" && found === "True")
      ? SCHEDULING_GRACE_MS + 1000
      : undefined,
  ];
  const next = Math.min(...waits.filter((wait) => wait !== undefined));
  return Number.isFinite(next) ? { requeueAfterMs: next } : {};
}

/** Whether a look at what people use makes sense: all that Ready needs besides it is there. */
function tiersRun(observed: Observed, made: Plan): boolean {
  if (observed.assistant.spec.suspend) return false;
  const findings = assess(observed, made, [], "disabled");
  return ["FrontendAvailable", "ApiAvailable", "McpVerified"].every((type) =>
    findings.some((found) => found.type === type && found.status === "True"),
  );
}

async function end(deps: ReconcilerDeps, observed: Observed, context: ReconcileContext): Promise<Result> {
  const { assistant } = observed;
  deps.probing.forget(assistant.metadata.uid ?? "");
  const left = await finalize(context, observed);
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

function announce(deps: ReconcilerDeps, assistant: TaskAssistant, findings: readonly Finding[]): void {
  for (const event of transitionEvents(assistant, assistant.status?.conditions, findings)) deps.events.record(event);
}

async function writeStatus(
  client: KubeClient,
  assistant: TaskAssistant,
  status: TaskAssistantStatus,
  signal: AbortSignal,
): Promise<void> {
  const { name, namespace, uid } = assistant.metadata;
  const { apiVersion, kind } = assistant;
  const metadata = {
    ...refOf({ metadata: { name, ...(namespace === undefined ? {} : { namespace }) } }),
    ...(uid === undefined ? {} : { uid }),
  };
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

function keyOfAssistant({ metadata }: TaskAssistant): Key {
  return { namespace: metadata.namespace ?? "", name: metadata.name };
}
