import type { ApplyProblem } from "../../apply/apply.ts";
import { isPresent, namesOf, PORTS, publicUrl, SERVERS, type Server } from "../../desired/index.ts";
import type { Observed, ProbeResult } from "../../observe/snapshot.ts";
import type { Plan } from "../../plan/plan.ts";
import { type Finding, finding } from "../conditions.ts";
import { databaseFinding, migrationFinding } from "./database.ts";
import { rollout, serverFinding, serverObstacle } from "./servers.ts";

/** What the probe found; `disabled` when the operator is told not to probe, undefined before the first look. */
export type ProbeOutcome = ProbeResult | "disabled" | undefined;

/** All findings about a resource, in the order they are shown. A pure function. */
export function assess(
  observed: Observed,
  plan: Plan,
  problems: readonly ApplyProblem[],
  probe: ProbeOutcome,
): Finding[] {
  const accepted = acceptedFinding(observed, plan, problems);
  const parts = [
    accepted,
    databaseFinding(observed, plan),
    migrationFinding(observed, plan),
    ...serverFindings(observed, plan, probe),
    exposedFinding(observed),
  ];
  const stalled = stalledFinding(parts, problems);
  const ready = readyFinding(observed, parts, stalled, probe);
  const reconciling = reconcilingFinding(observed, plan, ready, stalled);
  const suspended = observed.assistant.spec.suspend
    ? finding(
        "Suspended",
        "Suspended",
        "Every pod is stopped, because spec.suspend is true. Data, Secrets and routes stay.",
      )
    : finding("Suspended", "NotSuspended", "spec.suspend is false.");
  return [ready, ...parts, suspended, reconciling, stalled];
}

function serverFindings(observed: Observed, plan: Plan, probe: ProbeOutcome): Finding[] {
  const find: { readonly [S in Server]: () => Finding } = {
    frontend: () => serverFinding(observed, plan, "FrontendAvailable", "frontend"),
    api: () => serverFinding(observed, plan, "ApiAvailable", "api"),
    mcp: () => mcpFinding(observed, plan, probe),
    model: () => serverFinding(observed, plan, "ModelReachable", "model"),
  };
  return SERVERS.filter((server) => isPresent(server, observed.assistant.spec)).map((server) => find[server]());
}

/** The findings while a resource is being deleted. */
export function assessDeletion(left: readonly string[]): Finding[] {
  const message = `Deleting ${left.join(", ")}.`;
  return [
    { type: "Ready", status: "False", reason: "Deleting", message, needsUser: false },
    finding("Reconciling", "Progressing", message),
  ];
}

function reconcilingFinding(observed: Observed, plan: Plan, ready: Finding, stalled: Finding): Finding {
  const [busy] = SERVERS.flatMap((server) => rollout(observed, plan, server) ?? []);
  const waits = ready.status !== "True" && ready.reason !== "Suspended";
  if (stalled.status === "True" || (busy === undefined && !waits)) {
    return finding("Reconciling", "Settled", "Nothing is in progress.");
  }
  return finding("Reconciling", "Progressing", waits ? ready.message : (busy ?? ready.message));
}

function acceptedFinding(observed: Observed, plan: Plan, problems: readonly ApplyProblem[]): Finding {
  const blocker = plan.blockers.find(({ type }) => type === "Accepted");
  if (blocker !== undefined) return blocker;
  const taken = problems.filter(({ kind }) => kind === "nameConflict");
  if (taken.length > 0) return finding("Accepted", "NameConflict", taken.map(({ message }) => message).join(" "));
  return finding(
    "Accepted",
    "Accepted",
    `Release ${plan.release?.version ?? observed.assistant.spec.version} is carried out.`,
  );
}

function mcpFinding(observed: Observed, plan: Plan, probe: ProbeOutcome): Finding {
  const obstacle = serverObstacle(observed, plan, "mcp");
  if (obstacle !== undefined) return finding("McpVerified", obstacle.reason, obstacle.message);
  if (probe === "disabled") return finding("McpVerified", "ProbesDisabled", "The pods are ready; probes are off.");
  if (probe === undefined)
    return finding("McpVerified", "RollingOut", "The pods are ready; asking the server comes next.");
  if (probe.mcp !== undefined) return finding("McpVerified", "ProbeFailed", probe.mcp);
  return finding("McpVerified", "Verified", "The MCP server answered as the protocol asks.");
}

function exposedFinding(observed: Observed): Finding {
  const { spec, metadata } = observed.assistant;
  const url = publicUrl(spec);
  const { exposure } = spec;
  if (exposure.type === "ClusterIP") {
    const { hostname, port } = new URL(url);
    const isLocal = hostname === "localhost" || hostname === "127.0.0.1";
    const frontend = namesOf(metadata.name).component("frontend");
    const next = isLocal
      ? `kubectl -n ${metadata.namespace} port-forward svc/${frontend} ${port || 80}:${PORTS.frontend}, then open ${url}`
      : `route ${url} to Service ${frontend}, port ${PORTS.frontend}`;
    return finding("Exposed", "ClusterIP", `Inside the cluster only. Next: ${next}`);
  }
  const live = observed.child("Ingress", namesOf(metadata.name).ingress);
  if (live === undefined) return finding("Exposed", "Waiting", `Ingress ${metadata.name} isn't there yet.`);
  const { tls } = exposure;
  if (tls !== undefined && observed.secret(tls.secretName) === undefined) {
    return finding(
      "Exposed",
      "TLSSecretNotFound",
      `TLS Secret ${tls.secretName} doesn't exist yet. Next: kubectl -n ${metadata.namespace} create secret tls ${tls.secretName} --cert=FILE --key=FILE, or let cert-manager do it.`,
    );
  }
  const routed = `Ingress ${metadata.name} routes ${url} to the web application.`;
  const shared =
    "All people behind it share one limit of sign-in attempts until spec.exposure.trustedProxies names the addresses of the ingress controller.";
  const isTrusted = (exposure.trustedProxies ?? []).length > 0;
  return finding("Exposed", "IngressApplied", isTrusted ? routed : `${routed} ${shared}`);
}

function stalledFinding(parts: readonly Finding[], problems: readonly ApplyProblem[]): Finding {
  const refused = problems.filter(({ kind }) => kind === "refused");
  if (refused.length > 0) return finding("Stalled", "ApplyRefused", refused.map(({ message }) => message).join("; "));
  const fights = problems.filter(({ kind }) => kind === "fieldConflict");
  if (fights.length > 0) return finding("Stalled", "FieldConflict", fights.map(({ message }) => message).join(" "));
  const culprit = parts.find(({ needsUser, status }) => needsUser && status !== "True");
  if (culprit !== undefined) return finding("Stalled", "UserActionNeeded", `${culprit.type}: ${culprit.message}`);
  return finding("Stalled", "NotStalled", "Nothing stands in the way.");
}

/** Ready is what people feel: the first thing that is wrong, with its reason, in the order things depend on each other. */
function readyFinding(observed: Observed, parts: readonly Finding[], stalled: Finding, probe: ProbeOutcome): Finding {
  const notReady = (reason: string, message: string): Finding => ({
    type: "Ready",
    status: "False",
    reason,
    message,
    needsUser: false,
  });
  const culprit = parts.find(({ status }) => status !== "True");
  if (observed.assistant.spec.suspend && (culprit === undefined || !culprit.needsUser)) {
    return notReady("Suspended", "Stopped, because spec.suspend is true.");
  }
  if (stalled.reason === "ApplyRefused" && (culprit === undefined || !culprit.needsUser))
    return notReady(stalled.reason, stalled.message);
  if (culprit !== undefined) return notReady(culprit.reason, culprit.message);
  if (stalled.status === "True") return notReady(stalled.reason, stalled.message);
  if (probe !== "disabled" && probe?.frontend !== undefined) return notReady("ProbeFailed", probe.frontend);
  return finding("Ready", "Ready", `Open ${publicUrl(observed.assistant.spec)}`);
}
