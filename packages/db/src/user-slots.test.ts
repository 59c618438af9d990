import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { createUserSlots, UserBusyError } from "./user-slots.ts";

/** Work that ends when it is told to. */
function controlled() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let started = false;
  const work = () => {
    started = true;
    return promise;
  };
  return { work, resolve, reject, started: () => started };
}

test("one user's work waits in order for a slot, and another user's does not wait for it", async () => {
  const slots = createUserSlots({ perUser: 1, maxWaiting: 5, waitMs: 60_000 });
  const [first, second, third, other] = [controlled(), controlled(), controlled(), controlled()];
  const ends = [slots("ann", first.work), slots("ann", second.work), slots("ann", third.work)];
  const foreign = slots("ben", other.work);
  expect([first, second, third, other].map((each) => each.started())).toEqual([true, false, false, true]);
  first.resolve("1");
  await ends[0];
  await sleep(0);
  expect([second.started(), third.started()]).toEqual([true, false]);
  second.reject(new Error("failed"));
  await expect(ends[1]).rejects.toThrow("failed");
  third.resolve("3");
  other.resolve("o");
  expect(await Promise.all([ends[2], foreign])).toEqual(["3", "o"]);
});

test("work beyond what may wait is refused at once, and work that waits too long after its time", async () => {
  const slots = createUserSlots({ perUser: 1, maxWaiting: 1, waitMs: 10 });
  const busy = controlled();
  const running = slots("ann", busy.work);
  const waits = slots("ann", async () => "late");
  await expect(slots("ann", async () => "never")).rejects.toThrow(UserBusyError);
  await expect(waits).rejects.toThrow(UserBusyError);
  busy.resolve("done");
  expect(await running).toBe("done");
  expect(await slots("ann", async () => "again")).toBe("again");
});
