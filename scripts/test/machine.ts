import { missingForBackup } from "./backup/install.ts";
import { missingForGateway } from "./gateway/install.ts";
import type { Need } from "./levels.ts";
import { missingForLlama } from "./llama/install.ts";
import { missingForSchemathesis } from "./schemathesis/install.ts";

/** Why tests that need this can't run here. Undefined if they can. What can be installed is installed. */
export async function missingFor(need: Need, log: (line: string) => void): Promise<string | undefined> {
  if (need === "node") return missingForNode();
  if (need === "gateway") return missingForGateway(log);
  if (need === "schemathesis") return missingForSchemathesis(log);
  return need === "llama" ? missingForLlama(log) : missingForBackup(log);
}

/** Why this machine can't run the levels that need containers. Undefined if it can. */
export function missingForNode(
  machine: { platform: string; arch: string; uid: number | undefined } = {
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.(),
  },
): string | undefined {
  if (machine.platform !== "linux") return `needs Linux, but this machine runs ${machine.platform}`;
  if (machine.arch !== "x64" && machine.arch !== "arm64")
    return `needs amd64 or arm64, but this machine is ${machine.arch}`;
  if (machine.uid !== 0) return "needs root for network namespaces and containers (try sudo)";
  return undefined;
}
