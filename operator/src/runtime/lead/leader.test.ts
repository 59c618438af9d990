import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settle } from "../../../test/fixtures/clock-fixture.ts";
import { createLeaseHarness } from "../../../test/harness/lease-harness.ts";

describe("with client-go's rules", () => {
  it("the first one leads and keeps leading, the second one waits", async () => {
    const { time, spawn, stored } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(0);
    const second = spawn("second");
    await time.advance(120_000);
    expect([first.isLeading(), second.isLeading()]).toEqual([true, false]);
    expect(stored()?.spec).toMatchObject({ holderIdentity: "first", leaseDurationSeconds: 15, leaseTransitions: 0 });
  });

  it("a released lease is taken at the next poll, and counted as a transition", async () => {
    const { time, spawn, stored } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.stop();
    await time.advance(2300);
    expect(first.outcome.ended).toBe(true);
    expect([first.isLeading(), second.isLeading()]).toEqual([false, true]);
    expect(stored()?.spec).toMatchObject({ holderIdentity: "second", leaseTransitions: 1 });
  });

  it("a leader that died is followed within its lease and one poll", async () => {
    const { time, spawn } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.pause();
    await time.advance(17_500);
    expect(second.isLeading()).toBe(true);
  });

  it("a leader that cannot renew stops after the renew deadline, before anyone can take over", async () => {
    const { time, spawn } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.cutOff(true);
    await time.advance(10_000);
    expect(first.isLeading()).toBe(false);
    expect(first.outcome.lost).toBe("LeaseLostError");
    expect(second.isLeading()).toBe(false);
    await time.advance(8000);
    expect(second.isLeading()).toBe(true);
  });

  it("a leader that was paused past its lease knows it the moment it wakes, before any timer of its own ran", async () => {
    const { time, spawn } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    await time.advance(5000);
    first.pause();
    await time.advance(60_000);
    expect([first.isLeading(), second.isLeading()]).toEqual([false, true]);
    first.resume();
    await settle();
    expect(first.isLeading()).toBe(false);
    await time.advance(5000);
    expect(first.outcome.lost).toBe("LeaseLostError");
    expect(second.isLeading()).toBe(true);
  });

  it("a renewal whose answer comes late counts from when it was sent", async () => {
    const { time, spawn } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(2000);
    first.slow(4000);
    await time.advance(30_000);
    // Sent, four seconds there, four back: by then more than the deadline may have passed since the last one was sent.
    expect(first.isLeading()).toBe(false);
    expect(first.outcome.lost).toBe("LeaseLostError");
  });

  it("a renewal whose answer was waiting while the process was paused is worth nothing any more", async () => {
    const { time, spawn } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(0);
    const second = spawn("second");
    await time.advance(1000);
    first.slow(500);
    // Sent at 2,000, arrived at 2,500, its answer would be there at 3,000.
    await time.advance(1700);
    first.pause();
    await time.advance(60_000);
    expect(second.isLeading()).toBe(true);
    first.resume();
    await settle();
    expect(first.isLeading()).toBe(false);
  });

  it("a leader that finds the lease in other hands stops at the next renewal, not at its deadline", async () => {
    const { time, spawn, take } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(1000);
    take("somebody");
    await time.advance(2000);
    expect(first.isLeading()).toBe(false);
    await first.run;
    expect(first.outcome.lost).toBe("LeaseLostError");
  });

  it("a leader whose lease went to another one is lost, not a candidate again", async () => {
    const { time, spawn } = createLeaseHarness();
    const first = spawn("first");
    await time.advance(1000);
    const second = spawn("second");
    first.pause();
    await time.advance(20_000);
    second.stop();
    await time.advance(1000);
    first.resume();
    await time.advance(1000);
    expect(first.outcome.lost).toBe("LeaseLostError");
    expect(first.isLeading()).toBe(false);
  });
});

it("never has two leaders while candidates are paused, cut off or slow, and always elects one in the end", async () => {
  const event = fc.record({
    who: fc.nat(2),
    what: fc.constantFrom("pause", "resume", "cut", "mend", "slow", "fast"),
    lasting: fc.integer({ min: 1, max: 12_000 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(event, { maxLength: 25 }), async (events) => {
      const world = createLeaseHarness();
      const born = ["a", "b", "c"].map((name) => world.spawn(name));
      const check = () => expect(born.filter((one) => one.isLeading()).length).toBeLessThanOrEqual(1);
      for (const { who, what, lasting } of events) {
        const one = born[who]!;
        if (what === "pause") one.pause();
        else if (what === "resume") one.resume();
        else if (what === "slow") one.slow(lasting / 3);
        else if (what === "fast") one.slow(0);
        else one.cutOff(what === "cut");
        check();
        for (let passed = 0; passed < lasting; passed += 250) {
          await world.time.advance(Math.min(250, lasting - passed));
          check();
        }
      }
      for (const one of born) {
        one.resume();
        one.cutOff(false);
        one.slow(0);
      }
      // A lost one exits; its pod comes back as another process.
      born.push(world.spawn("d"));
      await world.time.advance(40_000);
      check();
      expect(born.some((one) => one.isLeading())).toBe(true);
    }),
    { numRuns: 60 },
  );
}, 60_000);
