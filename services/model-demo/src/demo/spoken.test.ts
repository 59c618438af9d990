import { expect, it } from "vitest";
import { spoken } from "./spoken.ts";

it("dates are written as people say them", () => {
  expect(spoken("2026-11-25", "2026-11-25")).toBe("today");
  expect(spoken("2026-11-26", "2026-11-25")).toBe("tomorrow");
  expect(spoken("2026-11-24", "2026-11-25")).toBe("yesterday");
  expect(spoken("2026-11-27", "2026-11-25")).toBe("Friday, 27 November");
  expect(spoken("2027-01-01", "2026-11-25")).toBe("Friday, 1 January 2027");
});
