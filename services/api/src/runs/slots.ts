import { TooManyTurnsError } from "../agent/model/errors.ts";

export type TurnSlotLimits = {
  /** Most turns of one user at a time. */
  perUser: number;
  /** Most turns of this process at a time. */
  total: number;
};

/** Takes a place for a turn of the user and gives back how to free it. Throws `TooManyTurnsError` when there is none. */
export type TurnSlots = (userId: string) => () => void;

/**
 * Counts turns at a time, in this process. Each turn holds a model connection, an MCP session and its messages in memory:
 * without a limit one person's loop takes the service from everybody.
 */
export function createTurnSlots(limits: TurnSlotLimits): TurnSlots {
  const taken = new Map<string, number>();
  let total = 0;

  return (userId) => {
    const own = taken.get(userId) ?? 0;
    if (own >= limits.perUser) {
      const answers = own === 1 ? "One answer is" : `${own} answers are`;
      throw new TooManyTurnsError(`${answers} still being written for you. Wait for one to finish, or stop it.`);
    }
    if (total >= limits.total) {
      throw new TooManyTurnsError("The assistant is busy with many people right now. Try again in a moment.");
    }
    taken.set(userId, own + 1);
    total += 1;
    let free = false;
    return () => {
      if (free) return;
      free = true;
      total -= 1;
      const left = (taken.get(userId) ?? 1) - 1;
      if (left === 0) taken.delete(userId);
      else taken.set(userId, left);
    };
  };
}
