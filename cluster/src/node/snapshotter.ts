import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "../layout.ts";
import { run } from "../machine/run.ts";

export type Snapshotter = "overlayfs" | "native";

/** Uses overlay mounts if they work. They fail on some file systems, such as another overlay, where copies are used. */
export async function chooseSnapshotter(layout: Layout): Promise<Snapshotter> {
  const base = join(layout.dir, "overlay-check");
  for (const folder of ["lower", "upper", "work", "merged"]) mkdirSync(join(base, folder), { recursive: true });
  const mount = 'mount -t overlay overlay -o "lowerdir=$0/lower,upperdir=$0/upper,workdir=$0/work" "$0/merged"';
  const snapshotter = await run("unshare", ["--mount", "--propagation", "private", "sh", "-c", mount, base], {
    timeoutMs: 10_000,
  }).then(
    () => "overlayfs" as const,
    () => "native" as const,
  );
  rmSync(base, { recursive: true, force: true });
  return snapshotter;
}
