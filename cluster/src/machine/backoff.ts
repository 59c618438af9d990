/** The pause after a failure, of which there have been `failures` before: doubled each time, from the first to the maximum. */
export function backoffMs(
  failures: number,
  { firstMs, maxMs }: { readonly firstMs: number; readonly maxMs: number },
): number {
  return Math.min(firstMs * 2 ** failures, maxMs);
}
