import type { Deployment } from "../../../kinds/index.ts";
import type { DesiredInput } from "../input.ts";
import { PORTS } from "../names.ts";
import { deployment } from "../pod/deployment.ts";
import { literal } from "../pod/env.ts";
import { resources } from "../pod/resources.ts";

const RESOURCES = { requests: { cpu: "20m", memory: "64Mi" }, limits: { cpu: "500m", memory: "192Mi" } };
const DRAIN_SECONDS = 20;

export const MODEL_PORTS = { http: PORTS.model };

/** The built-in deterministic model of provider Demo. */
export function model(input: DesiredInput): Deployment {
  const settings = input.spec.model.demo;
  return deployment(input, {
    component: "model",
    image: input.release("model").images.modelDemo,
    resources: resources(RESOURCES, settings?.resources),
    settings,
    ports: MODEL_PORTS,
    healthPort: "http",
    drainSeconds: DRAIN_SECONDS,
    env: [literal("PORT", PORTS.model), literal("SHUTDOWN_GRACE_SECONDS", DRAIN_SECONDS)],
  });
}
