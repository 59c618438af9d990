import { setTimeout as sleep } from "node:timers/promises";
import { beginTurn, type Turn, type TurnDeps, type TurnRequest } from "./turn.ts";
import { createTurnSlots, type TurnSlotLimits } from "./turn-slots.ts";

/** All turns of this process. */
export type Turns = {
  /** See `beginTurn`. Throws `TooManyTurnsError` before anything is done when too many run. */
  begin(request: TurnRequest): Promise<Turn>;
  /** Waits for running turns; those still running after `ms` are stopped, and kept as such. */
  drain(ms: number): Promise<void>;
};

export function createTurns(deps: TurnDeps & { slots: TurnSlotLimits }): Turns {
  const takeSlot = createTurnSlots(deps.slots);
  const running = new Map<Turn, Promise<unknown>>();

  const begin = async (request: TurnRequest): Promise<Turn> => {
    const freeSlot = takeSlot(request.userId);
    const turn = await beginTurn(deps, request).catch((error) => {
      freeSlot();
      throw error;
    });
    const tracked: Turn = {
      ...turn,
      run: async (emit) => {
        const end = turn.run(emit);
        running.set(turn, end);
        try {
          return await end;
        } finally {
          running.delete(turn);
          freeSlot();
        }
      },
    };
    return tracked;
  };

  const drain = async (ms: number): Promise<void> => {
    const over = new AbortController();
    const deadline = sleep(ms, undefined, { signal: over.signal }).then(
      () => {
        for (const turn of running.keys()) turn.abort("drain");
      },
      () => undefined,
    );
    while (running.size > 0) await Promise.all(running.values());
    over.abort();
    await deadline;
  };

  return { begin, drain };
}
