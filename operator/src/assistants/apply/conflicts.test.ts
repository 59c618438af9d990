import { describe, expect, it } from "vitest";
import { createConflictLog } from "./conflicts.ts";

const taken = [{ manager: "kubectl", field: ".spec.replicas" }];

describe("the conflict log", () => {
  it("lets an object rest for five minutes after the third round within ten with the same manager", () => {
    let time = 0;
    const log = createConflictLog(() => time);
    log.note("a", taken);
    log.note("a", taken);
    expect(log.pausedFor("a")).toBeUndefined();
    log.note("a", taken);
    expect(log.pausedFor("a")).toContain('"kubectl" keeps changing .spec.replicas of a');
    expect(log.pausedFor("b")).toBeUndefined();
    time += 5 * 60_000;
    expect(log.pausedFor("a")).toBeUndefined();
  });

  it("forgets rounds that are ten minutes old, and does not add up different managers", () => {
    let time = 0;
    const log = createConflictLog(() => time);
    for (let round = 0; round < 5; round += 1) {
      log.note("a", taken);
      time += 6 * 60_000;
    }
    expect(log.pausedFor("a")).toBeUndefined();
    log.note("b", taken);
    log.note("b", [{ manager: "other", field: "x" }]);
    log.note("b", taken);
    expect(log.pausedFor("b")).toBeUndefined();
  });
});
