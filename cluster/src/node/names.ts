import { existsSync } from "node:fs";
import type { Layout } from "../layout.ts";
import { run } from "../machine/run.ts";

/** Root cgroup of a cluster's pods, in every hierarchy. */
export const cgroupOf = (layout: Layout): string => `taskassistant-${layout.id}`;

/** The machine's end of the link to a cluster's network namespace (at most 15 characters). */
export const linkOf = (layout: Layout): string => `ta${layout.id}`;

/** Removes the link at once. The kernel would remove it shortly after the namespace's last process has ended. */
export async function removeLink(layout: Layout): Promise<void> {
  const link = linkOf(layout);
  const here = () => existsSync(`/sys/class/net/${link}`);
  if (!here()) return;
  await run("ip", ["link", "delete", link], { timeoutMs: 10_000 }).catch((error: unknown) => {
    if (here()) throw error;
  });
}
