import { describe, expect, it } from "vitest";
import { createConflictLog } from "./conflicts.ts";

const taken = [{ manager: "kubectl", field: ".spec.replicas" }];

describe("the conflict log", () => {
  it("leaves an object alone for five minutes after the third conflict with the same manager within ten", () => {
    let time = 0;
    const log = createConflictLog(() => time);
    log.note("a", taken);
    log.note("a", taken);
    expect(log.contestOver("a")).toBeUndefined();
    log.note("a", taken);
    expect(log.contestOver("a")).toEqual({ object: "a", manager: "kubectl", fields: [".spec.replicas"] });
    expect(log.contestOver("b")).toBeUndefined();
    time += 5 * 60_000;
    expect(log.contestOver("a")).toBeUndefined();
  });

  it("forgets conflicts that are ten minutes old and counts each manager on its own", () => {
    let time = 0;
    const log = createConflictLog(() => time);
    for (let round = 0; round < 5; round += 1) {
      log.note("a", taken);
      time += 6 * 60_000;
    }
    expect(log.contestOver("a")).toBeUndefined();
    log.note("b", taken);
    log.note("b", [{ manager: "other", field: "x" }]);
    log.note("b", taken);
    expect(log.contestOver("b")).toBeUndefined();
  });
});
