import { expect, test } from "vitest";
import { describeTimes, kindOf } from "./describe-session.ts";

const NOW = new Date(2026, 10, 27, 12, 0);
const at = (...parts: [number, number, number, number, number]) => new Date(...parts).toISOString();

test.each([
  [at(2026, 10, 27, 11, 55), "Active now"],
  [at(2026, 10, 27, 12, 3), "Active now"],
  [at(2026, 10, 27, 9, 5), "Last active today, 09:05"],
  [at(2026, 10, 26, 23, 50), "Last active yesterday, 23:50"],
  [at(2026, 10, 1, 8, 0), "Last active 1 November, 08:00"],
  [at(2025, 11, 31, 8, 0), "Last active 31 December 2025, 08:00"],
])("a session that was last seen at %s says: %s", (last_seen_at, sentence) => {
  expect(describeTimes({ signed_in_at: last_seen_at, last_seen_at }, NOW, "en-GB").lastSeen).toBe(sentence);
});

test("a session says when it began, by the day", () => {
  const began = (signed_in_at: string) =>
    describeTimes({ signed_in_at, last_seen_at: signed_in_at }, NOW, "en-GB").signedIn;
  expect(began(at(2026, 10, 27, 0, 1))).toBe("Signed in today");
  expect(began(at(2026, 9, 3, 8, 0))).toBe("Signed in 3 October");
});

test.each([
  ["Firefox on Linux", "computer"],
  ["Safari on iPhone", "phone"],
  ["Chrome on Android tablet", "phone"],
  ["", "computer"],
  ["curl", "script"],
] as const)("%j is shown as a %s", (device, kind) => {
  expect(kindOf(device)).toBe(kind);
});
