import { expect, it } from "vitest";
import { addDays, addMonths, endOfWeek, spoken } from "./calendar.ts";

it("counts days over the ends of months, years and clock changes", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
  expect(addDays("2026-03-28", 2)).toBe("2026-03-30");
  expect(addMonths("2027-01-31", 1)).toBe("2027-02-28");
  expect(addMonths("2026-11-30", 2)).toBe("2027-01-30");
});

it("ends weeks on Sunday", () => {
  expect(endOfWeek("2026-11-25")).toBe("2026-11-29");
  expect(endOfWeek("2026-11-29")).toBe("2026-11-29");
  expect(endOfWeek("2026-11-30")).toBe("2026-12-06");
});

it("says dates as people do", () => {
  expect(spoken("2026-11-25", "2026-11-25")).toBe("today");
  expect(spoken("2026-11-26", "2026-11-25")).toBe("tomorrow");
  expect(spoken("2026-11-24", "2026-11-25")).toBe("yesterday");
  expect(spoken("2026-11-27", "2026-11-25")).toBe("Friday, 27 November");
  expect(spoken("2027-01-01", "2026-11-25")).toBe("Friday, 1 January 2027");
});
