import type { DatabaseEndpoint } from "../input.ts";

/** Name of the database inside a Managed server. */
export const MANAGED_DATABASE = "taskassistant";

/** `host:port/database` of a URL in an environment variable. */
export function authority({ host, port, database }: DatabaseEndpoint): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return `${name}:${port}/${encodeURIComponent(database)}`.replaceAll("$", "$$$$");
}
