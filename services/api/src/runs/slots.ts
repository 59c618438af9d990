import { TooManyRunsError } from "./errors.ts";

export interface RunSlotLimits {
  /** Maximum number of runs of one user at a time. */
  readonly perUser: number;
  /** Maximum number of runs of this process at a time. */
  readonly total: number;
}

/** Takes a slot for a run of the user and returns how to free it. Throws `TooManyRunsError` when there is none. */
export type TakeRunSlot = (userId: string) => () => void;

/**
 * Limits the runs of this process. Each run holds a model connection, an MCP session and its messages in memory: without a
 * limit, one person's loop would take the service from everybody.
 */
export function createRunSlots(limits: RunSlotLimits): TakeRunSlot {
  const taken = new Map<string, number>();
  let total = 0;

  return (userId) => {
    const own = taken.get(userId) ?? 0;
    if (own >= limits.perUser) {
      const answers = own === 1 ? "One answer is" : `${own} answers are`;
      throw new TooManyRunsError(`${answers} still being written for you. Wait for one to finish, or stop it.`);
    }
    if (total >= limits.total) {
      throw new TooManyRunsError("The assistant is busy with many people right now. Try again in a moment.");
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
