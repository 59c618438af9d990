import type { RunRequest } from "./request.ts";
import { beginRun, type Run, type RunDeps } from "./run.ts";
import { createRunSlots, type RunSlotLimits } from "./slots.ts";

/** All runs of this process. */
export interface RunRegistry {
  /** See `beginRun`. Throws `TooManyRunsError` before it does anything else when too many runs are going on. */
  begin(request: RunRequest): Promise<Run>;
  /**
   * Waits until no run is going on. Runs that are still going on after `ms`, and runs that begin later, are stopped and
   * stored as stopped; this can't be undone. Runs begin as long as requests arrive, so call it again when none do.
   */
  drain(ms: number): Promise<void>;
}

export function createRunRegistry(deps: RunDeps & { slots: RunSlotLimits }): RunRegistry {
  const takeSlot = createRunSlots(deps.slots);
  const running = new Map<Run, Promise<unknown>>();
  let over = false;
  return { begin, drain };

  async function begin(request: RunRequest): Promise<Run> {
    const freeSlot = takeSlot(request.userId);
    const run = await beginRun(deps, request).catch((error) => {
      freeSlot();
      throw error;
    });
    return {
      ...run,
      finish: async (emit) => {
        if (over) run.abort("drain");
        const end = run.finish(emit);
        running.set(run, end);
        try {
          return await end;
        } finally {
          running.delete(run);
          freeSlot();
        }
      },
    };
  }

  async function drain(ms: number): Promise<void> {
    if (ms > 0) setTimeout(stopAll, ms).unref();
    else stopAll();
    while (running.size > 0) await Promise.all(running.values());
  }

  function stopAll(): void {
    over = true;
    for (const run of running.keys()) run.abort("drain");
  }
}
