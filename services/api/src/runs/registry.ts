import { beginTurn, type Turn, type TurnDeps, type TurnRequest } from "./run.ts";
import { createTurnSlots, type TurnSlotLimits } from "./slots.ts";

/** All turns of this process. */
export type Turns = {
  /** See `beginTurn`. Throws `TooManyTurnsError` before anything is done when too many run. */
  begin(request: TurnRequest): Promise<Turn>;
  /**
   * Waits until no turn runs. What still runs after `ms`, or begins after that, is stopped, and kept as such: there is no
   * way back. Turns may begin as long as requests come in, so call it once more when none do.
   */
  drain(ms: number): Promise<void>;
};

export function createTurns(deps: TurnDeps & { slots: TurnSlotLimits }): Turns {
  const takeSlot = createTurnSlots(deps.slots);
  const running = new Map<Turn, Promise<unknown>>();
  let over = false;

  const begin = async (request: TurnRequest): Promise<Turn> => {
    const freeSlot = takeSlot(request.userId);
    const turn = await beginTurn(deps, request).catch((error) => {
      freeSlot();
      throw error;
    });
    const tracked: Turn = {
      ...turn,
      run: async (emit) => {
        if (over) turn.abort("drain");
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
    const stop = () => {
      over = true;
      for (const turn of running.keys()) turn.abort("drain");
    };
    if (ms > 0) setTimeout(stop, ms).unref();
    else stop();
    while (running.size > 0) await Promise.all(running.values());
  };

  return { begin, drain };
}
