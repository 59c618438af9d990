import { expect, it } from "vitest";
import { createPasswordPolicy } from "./password-policy.ts";

const policy = createPasswordPolicy();
const ADA = { email: "ada.lovelace@example.test", name: "Ada Lovelace" };

it.each([
  "correct horse battery",
  "x9$kQ2!p",
  "tr0ub4dor&3",
  "пять зелёных слонов",
  "三只 沉默的 绿色大象 在跳舞",
  " with a space at both ends ",
  "🦊 jumps over 🌋",
  "correct horse battery staple ".repeat(4),
])("accepts %j, whatever it is made of", async (password) => {
  expect(await policy(password, ADA)).toBeUndefined();
});

it.each([
  ["password", "common"],
  ["password1", "common with a digit"],
  ["Password123!", "common with what rules ask for"],
  ["P@ssw0rd", "common with look-alikes"],
  ["drowssap", "common, backwards"],
  ["ｐａｓｓｗｏｒｄ", "common in wide letters"],
  ["12345678", "a sequence"],
  ["abcdefgh", "a sequence"],
  ["qwertyuiop", "a row of keys"],
  ["1qaz2wsx", "columns of keys"],
  ["aaaaaaaa", "a repetition"],
  ["passwordpassword", "a repetition"],
  ["password".repeat(16), "a long repetition"],
  ["1234567890".repeat(12), "a long repetition"],
  ["20001224", "a date"],
  ["iloveyou1", "common"],
  ["administrator", "common"],
  ["changeme", "common"],
])("refuses %j: %s", async (password) => {
  expect(await policy(password, ADA)).toBe("PASSWORD_COMMON");
});

it.each([
  "ada.lovelace@example.test",
  "Ada.Lovelace@Example.Test",
  "ada.lovelace",
  "Ada Lovelace",
  "lovelace1",
  "L0velace",
  "example.test",
  "TaskAssistant",
  "taskassistant1",
])("refuses %j, which everybody who knows Ada would try", async (password) => {
  expect(await policy(password, ADA)).toBe("PASSWORD_PERSONAL");
  expect(await policy("Ada quietly counts 7 engines", ADA)).toBeUndefined();
});

it.each([
  "        ",
  "\t\n\u00a0\u2003\u3000\u2028 \u00a0",
  "\u200b".repeat(8),
  "\u2800".repeat(9),
  "\u3164".repeat(8),
])("refuses blanks: %j", async (password) => {
  expect(await policy(password, ADA)).toBe("PASSWORD_BLANK");
});

it("counts the characters that people see", async () => {
  expect(await policy("", ADA)).toBe("PASSWORD_TOO_SHORT");
  expect(await policy("x9$kQ2!", ADA)).toBe("PASSWORD_TOO_SHORT");
  expect(await policy("🦊🌋🐘🦉", ADA)).toBe("PASSWORD_TOO_SHORT");
  expect(await policy(`${"x9$kQ2!p".repeat(16)}a`, ADA)).toBe("PASSWORD_TOO_LONG");
});

it("does not refuse a long password because one of its ends is weak", async () => {
  expect(await policy(`${"a".repeat(40)} and then five unrelated words`, ADA)).toBeUndefined();
});

it("takes an owner with nothing known", async () => {
  expect(await policy("correct horse battery", {})).toBeUndefined();
  expect(await policy("password", { email: "", name: "" })).toBe("PASSWORD_COMMON");
});
