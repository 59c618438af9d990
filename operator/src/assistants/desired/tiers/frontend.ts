import type { Deployment } from "../../../kinds/index.ts";
import type { EnvVar } from "../../../kube/objects.ts";
import { caBundle, databaseEnv } from "../database/access.ts";
import { type DatabaseEndpoint, type DesiredInput, publicUrl } from "../input.ts";
import { namesOf, PORTS, SECRET_KEYS, serviceUrl } from "../names.ts";
import { deployment, withHealth } from "../pod/deployment.ts";
import { seconds } from "../pod/duration.ts";
import { fromSecret, list, literal } from "../pod/env.ts";
import { resources } from "../pod/resources.ts";
import { userEnv } from "../pod/user-env.ts";

const DEFAULT_RESOURCES = { requests: { cpu: "100m", memory: "192Mi" }, limits: { cpu: "1", memory: "512Mi" } };
const DRAIN_SECONDS = 20;

/** Ports of the frontend's Service: the public one, and the token exchange that only the API may reach. */
export const FRONTEND_PORTS = { http: PORTS.frontend, exchange: PORTS.exchange };

/** The web application: pages, sign-in, key set, token exchange. */
export function frontend(input: DesiredInput, endpoint: DatabaseEndpoint): Deployment {
  const { spec, name } = input;
  return deployment(input, {
    component: "frontend",
    image: spec.frontend?.image ?? input.release("frontend").images.frontend,
    resources: resources(DEFAULT_RESOURCES, spec.frontend?.resources),
    settings: spec.frontend,
    ports: withHealth(FRONTEND_PORTS),
    healthPort: "health",
    drainSeconds: DRAIN_SECONDS,
    extra: caBundle(input),
    env: [
      literal("PORT", PORTS.frontend),
      literal("EXCHANGE_PORT", PORTS.exchange),
      literal("HEALTH_PORT", PORTS.health),
      // Kubernetes sets HOSTNAME to the pod's name, and Next.js would listen on that address only. This is every address of
      // both families.
      literal("HOSTNAME", "::"),
      literal("SHUTDOWN_GRACE_SECONDS", DRAIN_SECONDS),
      literal("BETTER_AUTH_URL", publicUrl(spec)),
      fromSecret("BETTER_AUTH_SECRET", authSecretKey(input)),
      literal("API_URL", serviceUrl(name, "api", PORTS.api)),
      fromSecret("EXCHANGE_CLIENT_SECRET", exchangeSecretKey(input)),
      literal("SIGN_UP", spec.auth.signUp),
      ...list("TRUSTED_ORIGINS", spec.auth.trustedOrigins),
      ...list("TRUSTED_PROXIES", spec.exposure.trustedProxies),
      literal("JWT_EXPIRES_IN_SECONDS", seconds(spec.auth.jwt.expiresIn)),
      // A run grant is valid a little longer than the run it is issued for.
      literal("RUN_GRANT_EXPIRES_IN_SECONDS", seconds(spec.agent.turnTimeout) + 30),
      ...initialUser(input),
      ...databaseEnv(input, endpoint, "auth"),
      ...userEnv(input, "frontend"),
    ],
  });
}

/** The key that signs sessions: the user's, or the generated one. */
export function authSecretKey(input: DesiredInput) {
  return { name: input.spec.auth.secretRef?.name ?? namesOf(input.name).authSecret, key: SECRET_KEYS.authSecret };
}

/** The API's credential at the token exchange. */
export function exchangeSecretKey(input: DesiredInput) {
  return { name: namesOf(input.name).exchangeSecret, key: SECRET_KEYS.exchangeSecret };
}

function initialUser(input: DesiredInput): EnvVar[] {
  const name = input.spec.auth.initialUser?.secretRef.name;
  if (name === undefined) return [];
  return [
    fromSecret("INITIAL_USER_EMAIL", { name, key: "email" }),
    fromSecret("INITIAL_USER_PASSWORD", { name, key: "password" }),
    fromSecret("INITIAL_USER_NAME", { name, key: "name" }, "optional"),
  ];
}
