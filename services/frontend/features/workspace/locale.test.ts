import { expect, test } from "vitest";
import { pageLocale } from "./locale.ts";

test("dates follow the English that the browser asks for, and are British without one", () => {
  expect(pageLocale(["de-DE", "en-US"])).toBe("en-US");
  expect(pageLocale(["de-DE"])).toBe("en-GB");
});
