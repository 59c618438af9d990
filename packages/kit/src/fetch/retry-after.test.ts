import { expect, it } from "vitest";
import { retryAfter, secondsUntilRetry } from "./retry-after.ts";

const NOW = Date.parse("2026-11-26T10:00:00Z");

it.each([
  ["30", 30],
  [" 30 ", 30],
  ["0", 0],
  ["1.2", 2],
  ["Thu, 26 Nov 2026 10:00:20 GMT", 20],
  ["Thu, 26 Nov 2026 09:59:00 GMT", 0],
  ["soon", undefined],
  ["-5 minutes", undefined],
  ["", undefined],
  [null, undefined],
  [undefined, undefined],
])("reads %j as %j seconds", (header, seconds) => {
  expect(secondsUntilRetry(header, NOW)).toBe(seconds);
});

it("sends whole seconds, never fewer than the wait", () => {
  expect(retryAfter(1.2)).toEqual({ "retry-after": "2" });
});
