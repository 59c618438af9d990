import { describe, expect, test } from "vitest";
import { localDateSchema, newTaskSchema, taskIdSchema, taskPatchSchema, taskQuerySchema } from "./index.ts";

const complaint = (input: unknown) => localDateSchema.safeParse(input).error?.issues[0]?.message;

describe("a local date", () => {
  test.each(["2026-02-28", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"])("%s is one", (date) => {
    expect(localDateSchema.parse(date)).toBe(date);
  });

  test.each([
    ["2026-02-30", "'2026-02-30' is not a date; February 2026 has 28 days"],
    ["2024-02-30", "'2024-02-30' is not a date; February 2024 has 29 days"],
    ["1900-02-29", "'1900-02-29' is not a date; February 1900 has 28 days"],
    ["0099-02-29", "'0099-02-29' is not a date; February 0099 has 28 days"],
    ["2026-04-31", "'2026-04-31' is not a date; April 2026 has 30 days"],
    ["2026-12-32", "'2026-12-32' is not a date; December 2026 has 31 days"],
    ["2026-01-00", "'2026-01-00' is not a date; January 2026 has 31 days"],
    ["2026-13-01", "'2026-13-01' is not a date; there is no month 13"],
    ["2026-00-01", "'2026-00-01' is not a date; there is no month 00"],
    ["tomorrow", "'tomorrow' is not a date; write it as YYYY-MM-DD"],
    ["2026-3-1", "'2026-3-1' is not a date; write it as YYYY-MM-DD"],
    ["2026-03-01T00:00:00Z", "'2026-03-01T00:00:00Z' is not a date; write it as YYYY-MM-DD"],
    [20260301, "'20260301' is not a date; write it as YYYY-MM-DD"],
  ])("%s is none, and the message teaches", (input, message) => {
    expect(complaint(input)).toBe(message);
  });

  test("a year the database doesn't have, and an endless one, are refused in few words", () => {
    expect(complaint("0000-01-01")).toContain("not a year");
    expect(complaint("9".repeat(10_000))?.length).toBeLessThan(100);
  });
});

test("a task id is t_ and twelve characters that can't be misread", () => {
  expect(taskIdSchema.safeParse("t_0123456789ab").success).toBe(true);
  expect(taskIdSchema.safeParse("t_cdefghjkmnpz").success).toBe(true);
  const wrong = ["t_0123456789a", "t_0123456789abc", "t_0123456789aB", "0123456789abcd", "t_0123456789ab\n", ""];
  for (const ambiguous of ["i", "l", "o", "u"]) wrong.push(`t_0123456789a${ambiguous}`);
  for (const id of wrong) expect(taskIdSchema.safeParse(id).success, id).toBe(false);
});

test("a title is trimmed, and neither empty nor endless", () => {
  expect(newTaskSchema.parse({ title: "\n Buy milk\u00a0" })).toMatchObject({
    title: "Buy milk",
    notes: "",
    due: null,
  });
  expect(newTaskSchema.safeParse({ title: "x".repeat(500) }).success).toBe(true);
  for (const title of ["", " \t\n", "x".repeat(501), undefined, 7]) {
    expect(newTaskSchema.safeParse({ title }).success, String(title).slice(0, 9)).toBe(false);
  }
});

test("text that the database can't hold is refused at the door", () => {
  expect(newTaskSchema.safeParse({ title: "a\0b" }).success).toBe(false);
  expect(newTaskSchema.safeParse({ title: "a", notes: "\0" }).success).toBe(false);
  expect(taskPatchSchema.safeParse({ notes: "\0" }).success).toBe(false);
  expect(taskQuerySchema.safeParse({ query: "\0" }).success).toBe(false);
});

test("a patch names at least one field, none that is not there to change", () => {
  expect(taskPatchSchema.parse({ due: null, done: true })).toEqual({ due: null, done: true });
  for (const patch of [{}, { user_id: "x" }, { id: "t_0123456789ab", title: "x" }, { version: 3 }, { title: null }]) {
    expect(taskPatchSchema.safeParse(patch).success, JSON.stringify(patch)).toBe(false);
  }
});

test("a query has bounds and defaults", () => {
  expect(taskQuerySchema.parse({})).toEqual({ status: "open", limit: 50 });
  for (const query of [{ limit: 0 }, { limit: 101 }, { limit: 1.5 }, { status: "late" }, { user_id: "x" }]) {
    expect(taskQuerySchema.safeParse(query).success, JSON.stringify(query)).toBe(false);
  }
});
