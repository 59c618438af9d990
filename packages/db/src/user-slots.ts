/** One user has more work waiting for the database than may wait. Try again after a moment. */
export class UserBusyError extends Error {
  override name = "UserBusyError";

  constructor() {
    super("too many requests of yours are being worked on; wait for them and try again");
  }
}

/** Runs the work as soon as the user has a free slot. Throws UserBusyError when that takes too long. */
export type UserSlots = <T>(userId: string, work: () => Promise<T>) => Promise<T>;

interface Waiting {
  start(): void;
}

interface Lane {
  running: number;
  readonly waiting: Set<Waiting>;
}

/**
 * Limits how much work of one user runs at a time in this process, so that one user's slow statements never take all
 * connections. Up to `maxWaiting` further pieces of work wait in order, each at most `waitMs`.
 */
export function createUserSlots(limits: { perUser: number; maxWaiting: number; waitMs: number }): UserSlots {
  const lanes = new Map<string, Lane>();

  return async (userId, work) => {
    const lane = lanes.get(userId) ?? { running: 0, waiting: new Set() };
    lanes.set(userId, lane);
    if (lane.running < limits.perUser) lane.running += 1;
    else await turn(lane, limits);
    try {
      return await work();
    } finally {
      const [next] = lane.waiting;
      // The slot is handed on, so that nobody who comes later can take it first.
      if (next !== undefined) next.start();
      else if (--lane.running === 0) lanes.delete(userId);
    }
  };
}

function turn(lane: Lane, { maxWaiting, waitMs }: { maxWaiting: number; waitMs: number }): Promise<void> {
  if (lane.waiting.size >= maxWaiting) return Promise.reject(new UserBusyError());
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      lane.waiting.delete(entry);
      reject(new UserBusyError());
    }, waitMs);
    const entry: Waiting = {
      start: () => {
        clearTimeout(timer);
        lane.waiting.delete(entry);
        resolve();
      },
    };
    lane.waiting.add(entry);
  });
}
