import { describe, expect, it } from "vitest";
import { type EndState, type JudgedTask, judged, type WrittenTask } from "./end-state.ts";
import { either, exactly, untouched } from "./graders.ts";

const BEFORE = {
  milk: judged({ title: "Buy milk", due: "2026-11-26" }),
  plants: judged({ title: "Water the plants", due: "2026-11-26", due_zone: "Asia/Tokyo", repeat: "FREQ=DAILY" }),
  old: judged({ title: "Old plan", trashed: true }),
};

/** The tasks from before with these changes, and what was added. */
function end(
  changed: Partial<Record<keyof typeof BEFORE, Partial<JudgedTask> | "gone">> = {},
  ...added: WrittenTask[]
): EndState {
  const now = Object.entries(BEFORE).flatMap(([name, task]) => {
    const change = changed[name as keyof typeof BEFORE];
    return change === "gone" ? [] : [[name, { ...task, ...change }] as const];
  });
  return { zone: "Europe/Berlin", before: BEFORE, now: Object.fromEntries(now), added: added.map(judged) };
}

describe("untouched", () => {
  it("accepts the same tasks", () => expect(untouched(end())).toBeUndefined());

  it.each([
    ["done of “Buy milk” is true, not false", end({ milk: { done: true } })],
    ["notes of “Buy milk” is x, not empty", end({ milk: { notes: "x" } })],
    ["repeat of “Water the plants” is empty, not FREQ=DAILY", end({ plants: { repeat: null } })],
    ["due_zone of “Water the plants” is Europe/Berlin, not Asia/Tokyo", end({ plants: { due_zone: "Europe/Berlin" } })],
    ["trashed of “Old plan” is false, not true", end({ old: { trashed: false } })],
    ["“Old plan” is gone for good", end({ old: "gone" })],
    ["“Buy tea” was added", end({}, { title: "Buy tea" })],
  ])("refuses, because %s", (why, wrong) => expect(untouched(wrong)).toBe(why));

  it("passes over what was added and moved to the trash again", () => {
    expect(untouched(end({}, { title: "Buy tea", trashed: true }))).toBeUndefined();
  });
});

describe("exactly, of a task from before", () => {
  const grade = exactly({ changed: { milk: { title: /oat/, due: ["2026-11-27", "2026-11-28"] } } });

  it.each([
    end({ milk: { title: "Buy oat milk", due: "2026-11-27" } }),
    end({ milk: { title: "Buy oat milk", due: "2026-11-28", due_zone: "Europe/Berlin" } }),
  ])("accepts one of several days, a text that matches and the person's zone", (right) => {
    expect(grade(right)).toBeUndefined();
  });

  it.each([
    ["title of “Buy milk” is Buy milk, not /oat/", end()],
    [
      "due of “Buy oat milk” is 2026-11-29, not 2026-11-27 or 2026-11-28",
      end({ milk: { title: "Buy oat milk", due: "2026-11-29" } }),
    ],
    [
      "priority of “Buy oat milk” is 1, not 4",
      end({ milk: { title: "Buy oat milk", due: "2026-11-27", priority: 1 } }),
    ],
    [
      "done of “Water the plants” is true, not false",
      end({ milk: { title: "Buy oat milk", due: "2026-11-27" }, plants: { done: true } }),
    ],
    ["“Buy milk” is gone for good", end({ milk: "gone" })],
  ])("refuses, because %s", (why, wrong) => expect(grade(wrong)).toBe(why));

  it("refuses a field that was to be emptied and is not", () => {
    const cleared = exactly({ changed: { plants: { repeat: null } } });
    expect(cleared(end({ plants: { repeat: null, due_zone: null } }))).toBeUndefined();
    expect(cleared(end())).toBe("repeat of “Water the plants” is FREQ=DAILY, not empty");
  });
});

describe("exactly, of added tasks", () => {
  const grade = exactly({
    added: [
      { title: /eggs/i, due: "2026-12-01", repeat: "FREQ=MONTHLY" },
      { title: /flour/i, due_time: null },
    ],
  });
  const eggs = { title: "Buy eggs", due: "2026-12-01", repeat: "FREQ=MONTHLY;BYMONTHDAY=1" };
  const flour = { title: "Buy flour", notes: "two bags" };

  it("accepts them in any order, with notes, and with a rule for the same days", () => {
    expect(grade(end({}, flour, eggs))).toBeUndefined();
  });

  it.each([
    ["no task /eggs/i was added", end({}, flour)],
    ["no task /flour/i was added", end({}, eggs, { ...flour, trashed: true })],
    ["“Buy flour” was added", end({}, flour, eggs, flour)],
    [
      "repeat of “Buy eggs” is FREQ=MONTHLY;BYMONTHDAY=2, not FREQ=MONTHLY",
      end({}, flour, { ...eggs, repeat: "FREQ=MONTHLY;BYMONTHDAY=2" }),
    ],
    [
      "repeat of “Buy eggs” is FREQ=MONTHLY;COUNT=5, not FREQ=MONTHLY",
      end({}, flour, { ...eggs, repeat: "FREQ=MONTHLY;COUNT=5" }),
    ],
    [
      "due_zone of “Buy eggs” is Asia/Tokyo, not empty or Europe/Berlin",
      end({}, flour, { ...eggs, due_zone: "Asia/Tokyo" }),
    ],
    ["done of “Buy flour” is true, not false", end({}, { ...flour, done: true }, eggs)],
    ["done of “Buy milk” is true, not false", end({ milk: { done: true } }, flour, eggs)],
  ])("refuses, because %s", (why, wrong) => expect(grade(wrong)).toBe(why));

  it("finds for each the one that fits among several of one name", () => {
    const two = exactly({
      added: [
        { title: /gym/i, due: "2026-12-02" },
        { title: /gym/i, due: "2026-12-01" },
      ],
    });
    const gym = (due: string) => ({ title: "Gym", due });
    expect(two(end({}, gym("2026-12-01"), gym("2026-12-02")))).toBeUndefined();
    expect(two(end({}, gym("2026-12-01"), gym("2026-12-01")))).toBe("due of “Gym” is 2026-12-01, not 2026-12-02");
  });
});

describe("either", () => {
  const grade = either(untouched, exactly({ changed: { milk: { done: true } } }));

  it.each([end(), end({ milk: { done: true } })])("accepts each of the ends", (right) => {
    expect(grade(right)).toBeUndefined();
  });

  it.each([
    ["another task", end({ plants: { done: true } })],
    ["both at once and more", end({ milk: { done: true }, plants: { done: true } })],
    ["a task too many", end({ milk: { done: true } }, { title: "Buy tea" })],
    ["a lost task", end({ milk: "gone" })],
  ])("refuses %s", (_what, wrong) => expect(grade(wrong)).toBeTypeOf("string"));
});
