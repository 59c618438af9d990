import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { cluster } from "./assistants.ts";

/** One answered request to the API server. */
export type AuditEntry = { user: string; verb: string; resource: string; name: string; at: string };

const WRITES = new Set(["create", "update", "patch", "delete", "deletecollection"]);

/** Whether an entry changes something. The renewal of a lease, every 20 seconds, only says that its holder is alive. */
export const isWrite = ({ verb, resource }: AuditEntry): boolean => WRITES.has(verb) && resource !== "leases";

/** The service account the chart gives the operator. */
export const OPERATOR = "system:serviceaccount:taskassistant-system:";

/** What the API server's audit log says about a namespace between two moments, watches included when they ended. */
export async function auditOf(namespace: string, from: Date, to: Date): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = [];
  const lines = createInterface({ input: createReadStream(cluster().auditLog), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    if (!line.includes(`"namespace":"${namespace}"`)) continue;
    const { user, verb, objectRef, requestReceivedTimestamp: at } = JSON.parse(line);
    if (objectRef?.namespace !== namespace || Date.parse(at) < from.getTime() || Date.parse(at) > to.getTime())
      continue;
    const { resource, subresource, name = "" } = objectRef;
    entries.push({ user: user.username, verb, resource: [resource, subresource].filter(Boolean).join("/"), name, at });
  }
  return entries;
}

/** `user verb resource: count`, one line each, most first. */
export function tally(entries: readonly AuditEntry[]): string[] {
  const counts = new Map<string, number>();
  for (const { user, verb, resource } of entries) {
    const key = `${user} ${verb} ${resource}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([key, count]) => `${key}: ${count}`);
}
