import { ApiError, type FieldConflict } from "./errors.ts";

/**
 * The fields that other managers hold, from the causes of a server-side-apply conflict; empty for every other error.
 * Only the message names the manager, as in `conflict with "kubectl" with subresource "scale" using apps/v1`.
 */
export function fieldConflicts(error: unknown): FieldConflict[] {
  if (!(error instanceof ApiError) || error.status !== 409) return [];
  return error.causes
    .filter((cause) => cause.reason === "FieldManagerConflict")
    .map((cause) => ({ manager: managerIn(cause.message ?? ""), field: cause.field ?? "" }));
}

function managerIn(message: string): string {
  const quoted = /^conflict with ("(?:[^"\\]|\\.)*")/.exec(message)?.[1];
  if (quoted === undefined) return "unknown";
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
