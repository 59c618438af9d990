import { expect, it } from "vitest";
import { createFakeClock } from "../../../test/fixtures/clock-fixture.ts";
import { recordingLog, widgets } from "../../../test/fixtures/kube-fixture.ts";
import { runWhileServed } from "./optional.ts";

/** Follows a resource about which the server answers so; by default, it does not serve it. Times are milliseconds since the start. */
async function follow(answer: () => boolean = () => false) {
  const clock = createFakeClock();
  const start = clock.now();
  const asked: number[] = [];
  const client = {
    async isServed() {
      asked.push(clock.now() - start);
      return answer();
    },
  };
  const stop = new AbortController();
  const log = recordingLog();
  const deps = { client, resource: widgets, clock, log, run: async () => {}, changed: () => {} };
  const { askAgain, ended } = runWhileServed(deps, stop.signal);
  await clock.advance(0);
  return {
    clock,
    asked,
    log,
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

it("a server that gives no answer is asked again soon and not said to lack the resource", async () => {
  const { clock, asked, log, stop } = await follow(() => {
    throw new Error("unavailable");
  });
  await clock.advance(10_000);
  expect(asked.length).toBeGreaterThan(2);
  expect(new Set(log.lines.map(({ message }) => message))).toEqual(
    new Set(["the API server did not say whether it serves this resource"]),
  );
  await stop();
});
