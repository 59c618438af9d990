import { afterAll, beforeAll, vi } from "vitest";
import { type ClusterHarness, startClusterHarness, startOperator } from "./cluster-harness.ts";
import { startStubKubelet } from "./stub-kubelet.ts";

/**
 * Starts a control plane, a stub kubelet and the operator for the tests of one file, and stops them after the tests.
 * Returns a function for the running harness. `fate` decides what happens to pods; by default they become ready.
 */
export function operatorHarness(name: string, fate?: Parameters<typeof startStubKubelet>[1]): () => ClusterHarness {
  // Several tests share the machine at a time.
  vi.setConfig({ testTimeout: 400_000 });
  let harness: ClusterHarness | undefined;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    harness = await startClusterHarness(name);
    ends.push(harness.stop);
    ends.push(startStubKubelet(harness.client, fate).stop);
    ends.push((await startOperator(harness)).stop);
  });
  afterAll(async () => {
    const failures: unknown[] = [];
    // Every part is stopped even if another one fails to stop, because it would keep using the machine.
    for (const end of ends.reverse()) await end().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  });

  return () => {
    if (harness === undefined) throw new Error(`the control plane of ${name} is not running`);
    return harness;
  };
}
