/** Parts of an assistant, as in the label `app.kubernetes.io/component`. */
export const COMPONENTS = ["frontend", "api", "mcp", "model", "db", "migrate"] as const;
export type Component = (typeof COMPONENTS)[number];

/** Ports of the containers and of their Services. */
export const PORTS = {
  frontend: 3000,
  exchange: 3001,
  api: 8000,
  mcp: 8001,
  model: 8002,
  db: 5432,
  health: 9090,
} as const;

/** Names of the generated Secrets and their keys. */
export const SECRET_KEYS = {
  adminPassword: "admin-password",
  authPassword: "auth-password",
  appPassword: "app-password",
  instanceId: "instance-id",
  authSecret: "secret",
  exchangeSecret: "client-secret",
} as const;

/** Names of the objects of the assistant `name`. */
export const namesOf = (name: string) => ({
  component: (component: Component): string => `${name}-${component}`,
  ingress: name,
  volumeClaim: `${name}-db-data`,
  databaseSecret: `${name}-database`,
  authSecret: `${name}-auth`,
  exchangeSecret: `${name}-exchange`,
});

/** URL of a component's Service inside the namespace. */
export function serviceUrl(name: string, component: Component, port: number, path = ""): string {
  return `http://${namesOf(name).component(component)}:${port}${path}`;
}
