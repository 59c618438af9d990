import type { Target } from "./target.ts";

/** File name under which the forward to a target is remembered. */
export function forwardKey(target: Target): string {
  const name = target.kind === "embedded" ? target.name : target.context;
  return `${target.kind}-${name.replaceAll(/[^A-Za-z0-9.-]/g, "_")}`;
}
