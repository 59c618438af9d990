/** The message of anything thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The message of anything thrown, followed by that of the error behind it: `fetch failed: connect ECONNREFUSED`. */
export function errorTextWithCause(error: unknown): string {
  const text = errorText(error);
  return error instanceof Error && error.cause instanceof Error ? `${text}: ${error.cause.message}` : text;
}
