import { describe, expect, it } from "vitest";
import { errorText, errorTextWithCause } from "./error-text.ts";

const refused = new TypeError("fetch failed", { cause: new Error("connection refused") });

describe("the text of something thrown", () => {
  it("is the message of an error, without its class and its cause", () => {
    expect(errorText(refused)).toBe("fetch failed");
  });

  it.each([
    ["a string", "broken", "broken"],
    ["undefined", undefined, "undefined"],
    ["a number", 7, "7"],
  ])("is its string form when %s was thrown", (_, thrown, text) => {
    expect(errorText(thrown)).toBe(text);
    expect(errorTextWithCause(thrown)).toBe(text);
  });

  it("names the cause on request", () => {
    expect(errorTextWithCause(refused)).toBe("fetch failed: connection refused");
  });

  it("has no second part when the cause is missing or no error", () => {
    expect(errorTextWithCause(new Error("broken"))).toBe("broken");
    expect(errorTextWithCause(new Error("broken", { cause: "a word" }))).toBe("broken");
  });
});
