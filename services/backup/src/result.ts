import { writeFileSync } from "node:fs";
import { errorText } from "@taskassistant/kit/failures";
import { EnvError } from "@taskassistant/kit/process";
import { BackupError, type BackupReason } from "./backup-error.ts";
import { totalRows } from "./manifest/compare-tables.ts";
import { type Manifest, OBJECTS, type TableFacts } from "./manifest/manifest.ts";

/** Kubernetes keeps 4,096 bytes of a termination message. */
const MAX_BYTES = 4_000;

/** What the operator learns of a backup. */
export interface Result {
  readonly ok: true;
  readonly location: string;
  readonly bytes: number;
  readonly rows: number;
  readonly sha256: string;
  readonly schemaVersion: number;
  readonly release: string;
  readonly postgresVersion: string;
  readonly tables: readonly Pick<TableFacts, "name" | "rows">[];
}

export function resultOf(manifest: Manifest, location: string): Result {
  const { bytes, sha256 } = manifest.objects[OBJECTS.dump];
  const { schemaVersion, release, postgresVersion } = manifest;
  const tables = manifest.tables.map(({ name, rows }) => ({ name, rows }));
  return {
    ok: true,
    location,
    bytes,
    rows: totalRows(manifest.tables),
    sha256,
    schemaVersion,
    release,
    postgresVersion,
    tables,
  };
}

/** Writes to the termination message if that file exists: outside a pod it must not be created. Lists are cut to fit. */
export function report(path: string, value: Record<string, unknown>): void {
  try {
    writeFileSync(path, fitting(value), { flag: "r+" });
  } catch {
    // Not in a pod; the log has it.
  }
}

export function fitting(value: Record<string, unknown>): string {
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const longest = lists.sort((a, b) => b[1].length - a[1].length)[0];
  if (longest === undefined || longest[1].length === 0) return text.slice(0, MAX_BYTES);
  const [name, list] = longest;
  return fitting({ ...value, [name]: list.slice(0, Math.floor(list.length / 2)) });
}

/** What was thrown, as the operator and a person read it. */
export function failureOf(error: unknown, signal: AbortSignal): { reason: string; message: string } {
  if (signal.aborted) {
    return { reason: "Interrupted", message: "stopped before it was done; nothing was changed. Start it again." };
  }
  const reason: BackupReason =
    error instanceof BackupError ? error.reason : error instanceof EnvError ? "ConfigurationInvalid" : "Failed";
  return { reason, message: errorText(error).slice(0, 3000) };
}
