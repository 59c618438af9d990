import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { ClusterHarness } from "./cluster-harness.ts";

/** A request in the API server's audit log. */
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

/** The operator's requests so far, from the API server's audit log. Each call reads only the new part of the file. */
export function operatorRequests(harness: ClusterHarness): readonly AuditEntry[] {
  const { read } = harness;
  const size = statSync(harness.cluster.auditLog).size;
  if (size === read.offset) return read.entries;
  const chunk = Buffer.alloc(size - read.offset);
  const file = openSync(harness.cluster.auditLog, "r");
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
