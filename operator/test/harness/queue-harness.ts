import { createQueue, type QueueDeps } from "../../src/runtime/workers/queue.ts";
import { createFakeClock } from "../fixtures/clock-fixture.ts";

/** A queue on a clock that stands still, with a worker that is asked for each id. */
export function queueHarness(deps: Partial<QueueDeps> = {}) {
  const clock = createFakeClock();
  const queue = createQueue({ clock, random: () => 0, ...deps });
  const taken: string[] = [];
  /** Asks for one id. It is noted in `taken`, and stays with the worker until the test calls `queue.done`. */
  const take = () => void queue.get().then((next) => next && taken.push(next.id));
  return { clock, queue, taken, take };
}
