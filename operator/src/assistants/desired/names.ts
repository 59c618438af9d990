import type { Component } from "./components.ts";

/** Ports of the containers and of their Services. */
export const PORTS = {
  frontend: 3000,
  exchange: 3001,
  api: 8000,
  mcp: 8001,
  model: 8002,
  backup: 8003,
  db: 5432,
  health: 9090,
} as const;

/** Keys inside the generated Secrets; a session Secret that the user brings has the same. */
export const SECRET_KEYS = {
  adminPassword: "admin-password",
  authPassword: "auth-password",
  appPassword: "app-password",
  instanceId: "instance-id",
  authSecret: "secret",
  exchangeSecret: "client-secret",
  maintenancePassword: "password",
} as const;

/** Suffixes of the names of data and credentials. None ends with another, so that a name identifies its assistant. */
const SUFFIXES = {
  volumeClaim: "-db-data",
  databaseSecret: "-database",
  authSecret: "-auth",
  exchangeSecret: "-exchange",
  maintenanceSecret: "-maintenance",
} as const;

/** Names of the objects of the assistant `name`. */
export const namesOf = (name: string) => ({
  component: (component: Component): string => `${name}-${component}`,
  ingress: name,
  volumeClaim: name + SUFFIXES.volumeClaim,
  databaseSecret: name + SUFFIXES.databaseSecret,
  authSecret: name + SUFFIXES.authSecret,
  exchangeSecret: name + SUFFIXES.exchangeSecret,
  maintenanceSecret: name + SUFFIXES.maintenanceSecret,
});

/**
 * The assistant whose volume claim or generated Secret would have this name; undefined for any other name. It identifies
 * objects that were restored by hand without labels.
 */
export function assistantOf(childName: string): string | undefined {
  const suffix = Object.values(SUFFIXES).find((each) => childName.endsWith(each));
  return suffix === undefined ? undefined : childName.slice(0, -suffix.length);
}

/** URL of a component's Service inside the namespace. */
export function serviceUrl(name: string, component: Component, port: number, path = ""): string {
  return `http://${namesOf(name).component(component)}:${port}${path}`;
}
