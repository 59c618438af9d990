import { isPresent, namesOf, SERVERS, type Server } from "../../../desired/index.ts";
import type { ProbeOutcome } from "../../../observe/probe-outcome.ts";
import { liveDeployment } from "../../../observe/snapshot.ts";
import type { Facts } from "../facts.ts";
import { type Finding, finding } from "../finding.ts";
import type { ServerState } from "./server-state.ts";

/** The conditions of the servers that the resource asks for. */
export function serverFindings({ snapshot, plan, servers }: Facts, probe: ProbeOutcome): Finding[] {
  const find: { readonly [S in Server]: (state: ServerState) => Finding } = {
    frontend: (state) => availability("FrontendAvailable", state),
    api: (state) => availability("ApiAvailable", state),
    mcp: (state) => mcpVerified(state, probe),
    model: (state) => availability("ModelReachable", state),
  };
  const { metadata, spec } = snapshot.assistant;
  // A built-in model that is only planned is not missing: another one is in use.
  const isPlanned = (server: Server) =>
    plan.frozen !== undefined &&
    server === "model" &&
    liveDeployment(snapshot, namesOf(metadata.name).component(server)) === undefined;
  return SERVERS.filter((server) => isPresent(server, spec) && !isPlanned(server)).map((server) =>
    find[server](servers[server]),
  );
}

function availability(
  type: "FrontendAvailable" | "ApiAvailable" | "ModelReachable",
  { obstacle, readyReplicas }: ServerState,
): Finding {
  if (obstacle !== undefined) return finding(type, obstacle.reason, obstacle.message);
  return finding(type, "Available", `${readyReplicas} ${readyReplicas === 1 ? "pod is" : "pods are"} ready.`);
}

function mcpVerified({ obstacle }: ServerState, probe: ProbeOutcome): Finding {
  if (obstacle !== undefined) return finding("McpVerified", obstacle.reason, obstacle.message);
  if (probe === "disabled") {
    return finding(
      "McpVerified",
      "ProbesDisabled",
      "The pods are ready. Probes are disabled in the operator's settings.",
    );
  }
  if (probe === undefined) {
    return finding("McpVerified", "RollingOut", "The pods are ready. The server has not been probed yet.");
  }
  if (probe.mcp !== undefined) return finding("McpVerified", "ProbeFailed", probe.mcp);
  return finding("McpVerified", "Verified", "The MCP server answers as the protocol requires.");
}
