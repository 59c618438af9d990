import type { Target } from "./target.ts";

/** Name of the file that records the forward to a target. */
export function forwardKey(target: Target): string {
  const name = target.kind === "embedded" ? target.name : target.context;
  return `${target.kind}-${name.replaceAll(/[^A-Za-z0-9.-]/g, "_")}`;
}
