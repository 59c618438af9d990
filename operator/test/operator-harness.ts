import { afterAll, beforeAll, vi } from "vitest";
import { startOperator, startWorld, type World } from "./cluster-harness.ts";
import { startStubKubelet } from "./stub-kubelet.ts";

/**
 * A control plane, a make-believe node and the operator for the tests of one file, set up before and taken down after them.
 * Returns how to get at the world while they run. `fate`: what happens to pods, if not all is to go well.
 */
export function stage(name: string, fate?: Parameters<typeof startStubKubelet>[1]): () => World {
  // Several tests share the machine at a time.
  vi.setConfig({ testTimeout: 400_000 });
  let world: World | undefined;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await startWorld(name);
    ends.push(world.stop);
    ends.push(startStubKubelet(world.client, fate).stop);
    ends.push((await startOperator(world)).stop);
  });
  afterAll(async () => {
    const failures: unknown[] = [];
    // Each in any case: what is left would hold the machine.
    for (const end of ends.reverse()) await end().catch((error) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  });

  return () => {
    if (world === undefined) throw new Error(`the control plane of ${name} is not up`);
    return world;
  };
}
