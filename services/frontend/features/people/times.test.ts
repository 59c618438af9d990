import { expect, test } from "vitest";
import { fromNow } from "./times.ts";

const NOW = Date.parse("2026-05-04T12:00:00Z");

test.each([
  ["2026-05-04T11:59:45Z", "this minute"],
  ["2026-05-04T11:30:00Z", "30 minutes ago"],
  ["2026-05-04T09:00:00Z", "3 hours ago"],
  ["2026-05-03T11:00:00Z", "yesterday"],
  ["2026-05-11T12:00:00Z", "in 7 days"],
])("%s is %s", (instant, expected) => {
  expect(fromNow(instant, NOW)).toBe(expected);
});
