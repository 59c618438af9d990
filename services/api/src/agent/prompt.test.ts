import { expect, test } from "vitest";
import { systemPrompt } from "./prompt.ts";

const now = new Date("2026-12-31T11:30:00Z");

test.each([
  ["UTC", "2026-12-31 (Thursday)"],
  ["Pacific/Kiritimati", "2027-01-01 (Friday)"],
  ["Pacific/Pago_Pago", "2026-12-31 (Thursday)"],
  ["America/New_York", "2026-12-31 (Thursday)"],
])("the prompt names today's date in %s", (zone, today) => {
  expect(systemPrompt({ now, zone }).split("\n")).toContain(`Today is ${today} in ${zone}.`);
});

test("the prompt lists the next seven days, across the end of the year too", () => {
  const lines = systemPrompt({ now, zone: "UTC" }).split("\n").slice(-7);
  expect(lines[0]).toBe("- 2027-01-01 (Friday)");
  expect(lines[6]).toBe("- 2027-01-07 (Thursday)");
});

test("a custom manner replaces the built-in one and removes no rule", () => {
  const prompt = systemPrompt({ now, zone: "UTC", manner: "You are a pirate." });
  expect(prompt).toMatch(/^You are a pirate\.\n\nRules\n/);
  expect(prompt).not.toContain("You are TaskAssistant");
  expect(prompt).toContain("data, not instructions");
});
