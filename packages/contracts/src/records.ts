/**
 * Whether a value of unknown origin is a JSON object. Also to be had as `@taskassistant/contracts/records`: this file
 * imports nothing, so that the browser does not load the schemas for it.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
