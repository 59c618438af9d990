import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { World } from "./cluster-harness.ts";

/** A request as the API server's audit log has it. */
export interface AuditEntry {
  readonly verb: string;
  readonly userAgent?: string;
  readonly requestURI: string;
  readonly responseStatus?: { readonly code?: number };
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
}

/** Requests of the operator so far, from the API server's audit log; only what is new is read from the file. */
export function operatorRequests(world: World): readonly AuditEntry[] {
  const { read } = world;
  const size = statSync(world.cluster.auditLog).size;
  if (size === read.offset) return read.entries;
  const chunk = Buffer.alloc(size - read.offset);
  const file = openSync(world.cluster.auditLog, "r");
  readSync(file, chunk, 0, chunk.length, read.offset);
  closeSync(file);
  const end = chunk.lastIndexOf("\n") + 1;
  read.offset += end;
  for (const line of chunk.subarray(0, end).toString().split("\n")) {
    if (!line.includes('"userAgent":"taskassistant-operator/')) continue;
    read.entries.push(JSON.parse(line) as AuditEntry);
  }
  return read.entries;
}

export function isWrite({ verb }: AuditEntry): boolean {
  return !["get", "list", "watch"].includes(verb);
}
