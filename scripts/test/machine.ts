/** Why the levels that run containers can't run on this machine, or undefined when they can. */
export function missingForNode(
  machine: { platform: string; arch: string; uid: number | undefined } = {
    platform: process.platform,
    arch: process.arch,
    uid: process.getuid?.(),
  },
): string | undefined {
  if (machine.platform !== "linux") return `needs Linux, this is ${machine.platform}`;
  if (machine.arch !== "x64" && machine.arch !== "arm64") return `needs amd64 or arm64, this is ${machine.arch}`;
  if (machine.uid !== 0) return "needs root for network namespaces and containers (try sudo)";
  return undefined;
}
