import { describe, expect, it } from "vitest";
import { type Kept, toRemove } from "./retention.ts";

const now = new Date("2026-05-31T00:00:00Z");
/** A backup of so many days ago, named after them. */
const ago = (days: number, facts: Partial<Kept> = {}): Kept => ({
  id: `${days}`,
  finishedAt: new Date(now.getTime() - days * 86_400_000),
  complete: true,
  verified: false,
  ...facts,
});
const removed = (backups: Kept[], keepLast: number, maxAgeDays?: number) =>
  toRemove(backups, { keepLast, maxAgeDays }, now).map(({ id }) => id);

describe("the retention", () => {
  it("keeps the last ones, in whatever order they are listed", () => {
    expect(removed([ago(2), ago(4), ago(1), ago(3)], 2)).toEqual(["4", "3"]);
  });

  it("removes what is too old even if it is among the last", () => {
    expect(removed([ago(1), ago(9), ago(11)], 5, 10)).toEqual(["11"]);
  });

  it("keeps the newest backup, however old it is", () => {
    expect(removed([ago(300), ago(200)], 5, 10)).toEqual(["300"]);
  });

  it("keeps the newest one that was verified, while newer ones were not", () => {
    expect(removed([ago(1), ago(2), ago(3, { verified: true }), ago(4, { verified: true })], 2, 1)).toEqual(["4", "2"]);
  });

  it("counts no damaged backup among the last, and keeps it until it is older than all that stay", () => {
    const damaged = { complete: false };
    expect(removed([ago(1, damaged), ago(2), ago(3, damaged), ago(4), ago(5, damaged)], 1)).toEqual(["5", "4", "3"]);
    expect(removed([ago(1, damaged), ago(2, damaged)], 1)).toEqual([]);
  });

  it("keeps one even when it is told to keep none", () => {
    expect(removed([ago(1), ago(2)], 0)).toEqual(["2"]);
  });
});
