/** The message of anything thrown. The embedded cluster and the scripts do not load the services' packages. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
