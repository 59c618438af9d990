import { expect, it } from "vitest";
import { createFakeClock } from "../../../test/clock-fixture.ts";
import { recordingLog, widgets } from "../../../test/kube-fixture.ts";
import { runWhileServed } from "./optional.ts";

/** Follows a resource that the server does not serve. Times are milliseconds since the start. */
async function follow() {
  const clock = createFakeClock();
  const start = clock.now();
  const asked: number[] = [];
  const client = {
    async isServed() {
      asked.push(clock.now() - start);
      return false;
    },
  };
  const stop = new AbortController();
  const deps = { client, resource: widgets, clock, log: recordingLog(), run: async () => {}, changed: () => {} };
  const { askAgain, ended } = runWhileServed(deps, stop.signal);
  await clock.advance(0);
  return {
    clock,
    asked,
    askAgain,
    stop() {
      stop.abort();
      return ended;
    },
  };
}

it("the server is asked for an absent resource every 30 seconds", async () => {
  const { clock, asked, stop } = await follow();
  for (let second = 0; second < 90; second += 1) await clock.advance(1000);
  expect(asked).toEqual([0, 30_000, 60_000, 90_000]);
  await stop();
});

it("the server is asked at once when told to, but at most once a second", async () => {
  const { clock, asked, askAgain, stop } = await follow();
  await clock.advance(5000);
  askAgain();
  await clock.advance(0);
  expect(asked).toEqual([0, 5000]);
  for (let tenth = 0; tenth < 9; tenth += 1) {
    askAgain();
    await clock.advance(100);
  }
  expect(asked).toEqual([0, 5000]);
  await clock.advance(100);
  expect(asked).toEqual([0, 5000, 6000]);
  await stop();
});
