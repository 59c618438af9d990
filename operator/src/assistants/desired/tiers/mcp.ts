import type { Deployment } from "../../../kinds/index.ts";
import { caBundle, databaseEnv } from "../database/access.ts";
import { type DatabaseEndpoint, type DesiredInput, publicUrl } from "../input.ts";
import { namesOf, PORTS, serviceUrl } from "../names.ts";
import { deployment, withHealth } from "../pod/deployment.ts";
import { literal } from "../pod/env.ts";
import { resources } from "../pod/resources.ts";
import { userEnv } from "../pod/user-env.ts";

const DEFAULT_RESOURCES = { requests: { cpu: "50m", memory: "96Mi" }, limits: { cpu: "1", memory: "256Mi" } };
const DRAIN_SECONDS = 20;

export const MCP_PORTS = { http: PORTS.mcp };

/** The MCP server with the task tools. */
export function mcp(input: DesiredInput, endpoint: DatabaseEndpoint): Deployment {
  const { spec, name, namespace } = input;
  const host = namesOf(name).component("mcp");
  return deployment(input, {
    component: "mcp",
    image: spec.mcp?.image ?? input.release("mcp").images.mcp,
    resources: resources(DEFAULT_RESOURCES, spec.mcp?.resources),
    settings: spec.mcp,
    ports: withHealth(MCP_PORTS),
    healthPort: "health",
    drainSeconds: DRAIN_SECONDS,
    extra: caBundle(input),
    env: [
      literal("PORT", PORTS.mcp),
      literal("HEALTH_PORT", PORTS.health),
      literal("SHUTDOWN_GRACE_SECONDS", DRAIN_SECONDS),
      literal("BETTER_AUTH_URL", publicUrl(spec)),
      literal("BETTER_AUTH_JWKS_URL", serviceUrl(name, "frontend", PORTS.frontend, "/api/auth/jwks")),
      literal(
        "ALLOWED_HOSTS",
        [host, `${host}.${namespace}`, `${host}.${namespace}.svc`, `${host}.${namespace}.svc.cluster.local`].join(","),
      ),
      ...databaseEnv(input, endpoint, "app"),
      ...userEnv(input, "mcp"),
    ],
  });
}
