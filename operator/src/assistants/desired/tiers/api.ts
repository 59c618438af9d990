import type { Deployment } from "../../../kinds/index.ts";
import { caBundle, databaseEnv } from "../database/access.ts";
import { type DatabaseEndpoint, type DesiredInput, publicUrl } from "../input.ts";
import { PORTS, serviceUrl } from "../names.ts";
import { deployment, together, withHealth } from "../pod/deployment.ts";
import { seconds } from "../pod/duration.ts";
import { fromSecret, list, literal } from "../pod/env.ts";
import { resources } from "../pod/resources.ts";
import { userEnv } from "../pod/user-env.ts";
import { exchangeSecretKey } from "./frontend.ts";
import { modelCa, modelEnv } from "./model-access.ts";

const DEFAULT_RESOURCES = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "384Mi" } };

/** Time for a run in progress to finish when its pod terminates. */
const DRAIN_SECONDS = 60;

export const API_PORTS = { http: PORTS.api };

/** The API with the agent. */
export function api(input: DesiredInput, endpoint: DatabaseEndpoint): Deployment {
  const { spec, name } = input;
  return deployment(input, {
    component: "api",
    image: spec.api?.image ?? input.release("api").images.api,
    resources: resources(DEFAULT_RESOURCES, spec.api?.resources),
    settings: spec.api,
    ports: withHealth(API_PORTS),
    healthPort: "health",
    drainSeconds: DRAIN_SECONDS,
    extra: together(caBundle(input), modelCa(input)),
    env: [
      literal("PORT", PORTS.api),
      literal("HEALTH_PORT", PORTS.health),
      literal("SHUTDOWN_GRACE_SECONDS", DRAIN_SECONDS),
      literal("BETTER_AUTH_URL", publicUrl(spec)),
      literal("BETTER_AUTH_JWKS_URL", serviceUrl(name, "frontend", PORTS.frontend, "/api/auth/jwks")),
      literal("TOKEN_EXCHANGE_URL", serviceUrl(name, "frontend", PORTS.exchange, "/oauth2/token")),
      fromSecret("EXCHANGE_CLIENT_SECRET", exchangeSecretKey(input)),
      literal("MCP_SERVER_URL", serviceUrl(name, "mcp", PORTS.mcp, "/mcp")),
      ...modelEnv(input),
      ...(spec.agent.systemPrompt === undefined ? [] : [literal("AGENT_SYSTEM_PROMPT", spec.agent.systemPrompt)]),
      literal("AGENT_MAX_STEPS", spec.agent.maxSteps),
      literal("AGENT_TURN_TIMEOUT_SECONDS", seconds(spec.agent.turnTimeout)),
      ...list("CORS_ORIGINS", spec.api?.corsOrigins),
      ...databaseEnv(input, endpoint, "app"),
      ...userEnv(input, "api"),
    ],
  });
}
