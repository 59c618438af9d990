import { expect, test } from "vitest";
import { parseTask } from "./natural-due.ts";

const SUNDAY = "2026-11-22";

test.each([
  ["buy milk tomorrow", "Buy milk", "2026-11-23"],
  ["buy milk today", "Buy milk", "2026-11-22"],
  ["call mum fri", "Call mum", "2026-11-27"],
  ["call mum on Friday", "Call mum", "2026-11-27"],
  ["call mum next friday", "Call mum", "2026-11-27"],
  ["rest sunday", "Rest", "2026-11-29"],
  ["plan, next week", "Plan", "2026-11-23"],
  ["mow the lawn this weekend", "Mow the lawn", "2026-11-28"],
  ["pay rent in 3 days", "Pay rent", "2026-11-25"],
  ["pay rent in a week", "Pay rent", "2026-11-29"],
  ["renew passport by 3 may", "Renew passport", "2027-05-03"],
  ["renew passport Dec 24", "Renew passport", "2026-12-24"],
  ["renew passport 2027-02-01", "Renew passport", "2027-02-01"],
  ["tomorrow: pay rent", "Pay rent", "2026-11-23"],
  ["on monday water the plants", "Water the plants", "2026-11-23"],
])("“%s” is the task “%s” due on %s when today is Sunday 22 November 2026", (text, title, due) => {
  expect(parseTask(text, SUNDAY)).toMatchObject({ title, due });
});

test.each([
  "read the today show notes",
  "tomorrow",
  "buy monstera",
  "call 31 feb",
  "order a sunscreen",
  "meet may",
  "enjoy the sun",
  "plan a week",
])("“%s” has no date", (text) => {
  expect(parseTask(text, SUNDAY)).toMatchObject({ due: null, phrase: null });
});

test("the phrase is the part of the text that was read as the date", () => {
  expect(parseTask("call mum on friday", SUNDAY).phrase).toBe("on friday");
});
